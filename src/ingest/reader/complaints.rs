//! What GDAL complains of, kept instead of printed.

use std::sync::Mutex;

use gdal::config::set_error_handler;
use gdal::errors::CplErrType;

/// Complaints kept between two looks; a broken file can make millions.
const MAX_KEPT: usize = 20;

static KEPT: Mutex<Vec<Complaint>> = Mutex::new(Vec::new());

/// One message of GDAL.
#[derive(Debug)]
pub(super) struct Complaint {
    /// Whether something could not be done.
    pub(super) is_failure: bool,
    /// What it said.
    pub(super) text: String,
}

/// Keeps complaints from now on.
pub(super) fn keep() {
    set_error_handler(|kind, _, text| {
        let is_failure = matches!(kind, CplErrType::Failure | CplErrType::Fatal);
        let mut kept = lock();
        if (is_failure || kind == CplErrType::Warning) && kept.len() < MAX_KEPT {
            kept.push(Complaint {
                is_failure,
                text: text.to_owned(),
            });
        }
    });
}

/// The complaints since the last look.
pub(super) fn take() -> Vec<Complaint> {
    std::mem::take(&mut *lock())
}

/// The first failure since the last look, which is then forgotten with all others.
pub(super) fn take_failure() -> Option<String> {
    take()
        .into_iter()
        .find(|complaint| complaint.is_failure)
        .map(|complaint| complaint.text)
}

fn lock() -> std::sync::MutexGuard<'static, Vec<Complaint>> {
    KEPT.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
