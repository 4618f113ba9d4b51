//! The `bbox` parameter: a box in degrees, which may cross the antimeridian.

/// The area of `west,south,east,north`, or of six numbers with heights, as WKT in EPSG:4326.
///
/// A box whose west is east of its east crosses the antimeridian and becomes two.
pub(super) fn area(text: &str) -> Result<String, String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|number| number.trim().parse::<f64>())
        .collect::<Result<_, _>>()
        .map_err(|_not_a_number| format!("`{text}` is not numbers separated by commas"))?;
    let ([west, south, east, north] | [west, south, _, east, north, _]) = numbers[..] else {
        let n_numbers = numbers.len();
        return Err(format!("{n_numbers} numbers given where 4 or 6 belong"));
    };
    if ![west, east]
        .iter()
        .all(|lon| (-180.0..=180.0).contains(lon))
    {
        return Err("a longitude is not from -180 to 180".to_owned());
    }
    if ![south, north]
        .iter()
        .all(|lat| (-90.0..=90.0).contains(lat))
    {
        return Err("a latitude is not from -90 to 90".to_owned());
    }
    if north < south {
        return Err("the second latitude is south of the first".to_owned());
    }
    Ok(if west <= east {
        format!("POLYGON{}", ring(west, south, east, north))
    } else {
        let before = ring(west, south, 180.0, north);
        let after = ring(-180.0, south, east, north);
        format!("MULTIPOLYGON({before},{after})")
    })
}

fn ring(west: f64, south: f64, east: f64, north: f64) -> String {
    format!("(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_passed_over() {
        assert_eq!(area("1,2,-5,3,4,5"), area("1,2,3,4"));
    }

    #[test]
    fn a_box_across_the_antimeridian_is_two_boxes() {
        assert_eq!(
            area("177,65,-177,70").unwrap(),
            "MULTIPOLYGON(((177 65,180 65,180 70,177 70,177 65)),((-180 65,-177 65,-177 70,-180 70,-180 65)))"
        );
    }

    #[test]
    fn what_is_no_box_on_the_earth_is_refused() {
        for text in [
            "",
            "1,2,3",
            "1,2,3,x",
            "NaN,0,1,1",
            "0,inf,1,1",
            "0,5,1,4",
            "0,0,181,1",
            "1,2,3,4,5",
        ] {
            assert!(area(text).is_err(), "{text}");
        }
    }
}
