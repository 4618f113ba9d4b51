//! The wire format of protocol buffers, read in place: nothing is copied, nothing allocated.
//!
//! Reference: Google, Protocol Buffers, "Encoding".

/// A message that is not one, or breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// One field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Whole numbers and booleans.
    Varint(u64),
    /// Texts, messages, packed lists.
    Bytes(&'a [u8]),
    /// Numbers of four and eight bytes, which OSM does not use.
    Fixed,
}

impl<'a> Value<'a> {
    /// The bytes of a text, message or packed list.
    pub(super) fn bytes(self) -> Result<&'a [u8], Broken> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Varint(_) | Self::Fixed => Err(Broken),
        }
    }

    /// A whole number; negative ones are written as two's complement.
    pub(super) fn int(self) -> Result<i64, Broken> {
        match self {
            Self::Varint(number) => Ok(number.cast_signed()),
            Self::Bytes(_) | Self::Fixed => Err(Broken),
        }
    }

    /// A whole number in zigzag.
    pub(super) fn sint(self) -> Result<i64, Broken> {
        match self {
            Self::Varint(number) => Ok(unzigzag(number)),
            Self::Bytes(_) | Self::Fixed => Err(Broken),
        }
    }
}

/// 0, 1, 2, 3 … stand for 0, −1, 1, −2 ….
fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// The number at the start of `bytes`, which then start after it. At most ten bytes long.
fn take_varint(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut number = 0;
    for (position, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            *bytes = &bytes[position + 1..];
            return Ok(number);
        }
    }
    Err(Broken)
}

/// The fields of a message, in its order; ends after the first that is broken.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn take(&mut self) -> Result<(u64, Value<'a>), Broken> {
        let key = take_varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Varint(take_varint(&mut self.0)?),
            1 => self.take_bytes(8).map(|_bytes| Value::Fixed)?,
            2 => {
                let length = take_varint(&mut self.0)?;
                Value::Bytes(self.take_bytes(length)?)
            }
            5 => self.take_bytes(4).map(|_bytes| Value::Fixed)?,
            _ => return Err(Broken),
        };
        Ok((key >> 3, value))
    }

    fn take_bytes(&mut self, length: u64) -> Result<&'a [u8], Broken> {
        let length = usize::try_from(length).map_err(|_cause| Broken)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Broken)?;
        self.0 = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    /// Number of the field, and its value.
    type Item = Result<(u64, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let taken = self.take();
        if taken.is_err() {
            self.0 = &[];
        }
        Some(taken)
    }
}

/// A packed list of whole numbers; ends after the first that is broken.
pub(super) struct Packed<'a>(&'a [u8]);

impl<'a> Packed<'a> {
    /// No number.
    pub(super) const EMPTY: Self = Self(&[]);

    pub(super) fn of(value: Value<'a>) -> Result<Self, Broken> {
        value.bytes().map(Self)
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number.
    pub(super) fn take(&mut self) -> Option<Result<u64, Broken>> {
        if self.0.is_empty() {
            return None;
        }
        let taken = take_varint(&mut self.0);
        if taken.is_err() {
            self.0 = &[];
        }
        Some(taken)
    }

    /// The next number, in zigzag.
    pub(super) fn take_sint(&mut self) -> Option<Result<i64, Broken>> {
        Some(self.take()?.map(unzigzag))
    }
}

/// A packed list of differences in zigzag, summed up; a sum beyond 64 bits wraps, as in the programs that write them.
pub(super) struct Sums<'a> {
    differences: Packed<'a>,
    sum: i64,
}

impl<'a> Sums<'a> {
    pub(super) fn of(differences: Packed<'a>) -> Self {
        Self {
            differences,
            sum: 0,
        }
    }
}

impl Iterator for Sums<'_> {
    type Item = Result<i64, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.differences.take_sint()?.map(|difference| {
            self.sum = self.sum.wrapping_add(difference);
            self.sum
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_the_standard_shows_them() {
        // 150 is 0x96 0x01; zigzag turns 0, 1, 2, 3, 4294967294 into 0, -1, 1, -2, 2147483647.
        let mut bytes: &[u8] = &[0x96, 0x01, 7];
        assert_eq!(take_varint(&mut bytes), Ok(150));
        assert_eq!(bytes, [7]);
        let signed = [0, 1, 2, 3, 4_294_967_294].map(unzigzag);
        assert_eq!(signed, [0, -1, 1, -2, 2_147_483_647]);
        assert_eq!(unzigzag(u64::MAX), i64::MIN);
    }

    #[test]
    fn a_field_that_is_longer_than_its_message_is_broken() {
        let mut fields = Fields::of(&[0x0a, 0x05, b'a', b'b']);
        assert_eq!(fields.next(), Some(Err(Broken)));
        assert_eq!(fields.next(), None);
        let endless = [0xff; 11];
        assert_eq!(Fields::of(&endless).next(), Some(Err(Broken)));
    }

    #[test]
    fn differences_are_summed_and_wrap_instead_of_failing() {
        // Zigzag of 3, -1 is 6, 1.
        let sums: Vec<_> = Sums::of(Packed(&[6, 1])).collect();
        assert_eq!(sums, [Ok(3), Ok(2)]);
        let mut largest = vec![0xfe];
        largest.extend([0xff; 8]);
        largest.push(0x01);
        let twice = [largest.clone(), largest].concat();
        let sums: Vec<_> = Sums::of(Packed(&twice)).collect();
        assert_eq!(sums, [Ok(i64::MAX), Ok(-2)]);
    }
}
