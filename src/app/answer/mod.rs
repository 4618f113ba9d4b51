//! The answer that an indicator gives, once for all who show it: HTTP, pages, pictures, tables, the command line.
//!
//! [`read_indicator`] reads a current run and returns an [`IndicatorAnswer`]: what `/access` sends.
//! Whoever must know first whether anything changed asks [`find_indicator`], and reads only then.

mod doubts;
mod download;
mod faults;
mod find;
mod geojson;
mod groups;
mod indicator_answer;
mod labels;
mod people;
mod ranking;
mod row_choice;
mod season_change;
mod sentences;
mod spoken_rule;
mod table;
mod thousandths;
mod wanted;

pub use crate::publish::ClassMethod;
pub use crate::publish::palette::MAX_N_CLASSES;
pub use doubts::{Doubt, DoubtText};
pub use download::{Download, Form, SAMPLE_MARK, download, file_name};
pub use faults::{
    Fault, FaultList, FaultProperties, InBoth, ServicePeople, find_faults, read_faults,
};
pub(in crate::app) use find::CATALOGUE;
pub use find::{AnswerError, FoundIndicator, find_indicator, read_indicator};
pub use indicator_answer::{Class, DistrictValue, IndicatorAnswer, Row, StateClass, Unassigned};
pub use people::PeopleByState;
pub use row_choice::{Order, RowChoice, Sort};
pub use season_change::{SeasonChange, StandardChange, village_season_change};
pub use sentences::{Sentences, split_source};
pub use thousandths::Thousandths;
pub use wanted::{DEFAULT_N_CLASSES, GroupBy, Wanted};
