//! The parent's side of the child process: started, listened to, and ended whatever it does.

use std::io::{self, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::domain::{Finding, FindingCode, Layer};

use super::columns::coordinate_columns;
use super::error::IngestError;
use super::files::SourceFile;
use super::findings::error;
use super::limits::Limits;
use super::protocol::{Frame, ReadJob, read_frame};
use super::request::{FilesToRead, ImportRequest};

/// Frames that are handed over at a time, where as many have come: waking the reader for each costs more than reading.
const MAX_FRAMES_AT_ONCE: usize = 128;

/// Hand-overs that wait for the parent; the child stops writing when there are more, so memory stays flat.
const MAX_WAITING: usize = 2;

/// What the listener hands over; an error is the last.
type Frames = Vec<io::Result<Frame>>;

/// How often a cancellation is looked for while the child is silent.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a child that has closed its pipe may take to end.
const LAST_BREATH: Duration = Duration::from_secs(2);

/// Settings of the environment that the child keeps: where GDAL and PROJ have their tables, and where to work.
const KEPT_ENVIRONMENT: [&str; 5] = [
    "GDAL_DATA",
    "PROJ_LIB",
    "PROJ_DATA",
    "LD_LIBRARY_PATH",
    "TMPDIR",
];

/// A port where nobody listens, so that nothing can be fetched even where a library would.
const NOWHERE: &str = "http://127.0.0.1:1";

/// How the child is started: a program whose main function ends in [`super::reader::run`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderCommand {
    /// The program.
    pub program: PathBuf,
    /// What makes it read, such as `read-file`.
    pub arguments: Vec<String>,
}

impl ReaderCommand {
    /// The hidden argument that makes the program a reader.
    pub const ARGUMENT: &'static str = "read-file";

    /// This program itself.
    ///
    /// # Errors
    /// The system does not say where it is.
    pub fn this_program() -> io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            arguments: vec![Self::ARGUMENT.to_owned()],
        })
    }
}

/// A child at work. Dropping it ends it and removes its folder.
pub(super) struct Reading {
    child: Child,
    /// What was handed over and not yet taken.
    at_hand: std::vec::IntoIter<io::Result<Frame>>,
    frames: Option<Receiver<Frames>>,
    listener: Option<JoinHandle<()>>,
    limits: Limits,
    has_ended: bool,
    /// Held for its drop, which removes the folder.
    _work_folder: TempDir,
}

/// What a read asks beside the request.
pub(super) struct Purpose {
    /// Whether only the layers are asked for.
    pub(super) only_inspect: bool,
    /// The layer that is wanted, where it is known.
    pub(super) layer: Option<Layer>,
    /// Whether records may lie nowhere.
    pub(super) may_lack_places: bool,
    /// Whether a record whose place cannot be used comes without it.
    pub(super) keeps_misplaced: bool,
    pub(super) longitude_columns: Vec<String>,
    pub(super) latitude_columns: Vec<String>,
}

impl Purpose {
    /// Reading the features that an import asks for.
    pub(super) fn of_import(request: &ImportRequest) -> Self {
        Self {
            only_inspect: false,
            layer: Some(request.layer),
            may_lack_places: request.updates.is_some(),
            keeps_misplaced: false,
            longitude_columns: coordinate_columns(request, "longitude"),
            latitude_columns: coordinate_columns(request, "latitude"),
        }
    }
}

impl Reading {
    /// Starts a child on one file.
    ///
    /// # Errors
    /// No folder can be made, or the program cannot be started.
    pub(super) fn start(
        reader: &ReaderCommand,
        request: &FilesToRead,
        file: &SourceFile,
        purpose: Purpose,
    ) -> Result<Self, IngestError> {
        let work_folder = tempfile::Builder::new()
            .prefix("jangkau-read-")
            .tempdir()
            .map_err(IngestError::WorkFolder)?;
        let limits = if request.trust_file {
            Limits::TRUSTED
        } else {
            Limits::DEFAULT
        };
        let job = ReadJob {
            file: file.path.clone(),
            work_folder: work_folder.path().to_owned(),
            only_inspect: purpose.only_inspect,
            source_layer: request.source_layer.clone(),
            wanted_layer: purpose.layer,
            may_lack_places: purpose.may_lack_places,
            keeps_misplaced: purpose.keeps_misplaced,
            crs: request.crs.clone(),
            encoding: request.encoding.clone(),
            filter: request.filter.clone(),
            longitude_columns: purpose.longitude_columns,
            latitude_columns: purpose.latitude_columns,
            district: request.district,
            only_within: request.only_within,
            limits: limits.clone(),
        };
        let job = postcard::to_stdvec(&job).map_err(|_cause| {
            IngestError::Request(format!(
                "the name of {} is not Unicode",
                file.path.display()
            ))
        })?;
        let mut child = command(reader, &work_folder).spawn().map_err(|cause| {
            IngestError::ReaderNotStarted {
                program: reader.program.clone(),
                cause,
            }
        })?;
        if let Some(mut stdin) = child.stdin.take() {
            // A child that does not listen has died, which the first frame will tell.
            let _ = stdin.write_all(&job);
        }
        let (sender, frames) = sync_channel(MAX_WAITING);
        let listener = child
            .stdout
            .take()
            .map(|stdout| thread::spawn(move || listen(stdout, &sender)));
        Ok(Self {
            child,
            at_hand: Vec::new().into_iter(),
            frames: Some(frames),
            listener,
            limits,
            has_ended: false,
            _work_folder: work_folder,
        })
    }

    /// The next frame; a child that died or hangs gives a finding and then [`Frame::End`].
    ///
    /// # Errors
    /// `cancel` was set.
    pub(super) fn next(&mut self, cancel: &AtomicBool) -> Result<Frame, IngestError> {
        if self.has_ended {
            return Ok(Frame::End);
        }
        let silence = Duration::from_secs(self.limits.silence_s);
        let mut since: Option<Instant> = None;
        while let Some(frames) = &self.frames {
            match self.at_hand.next() {
                Some(Ok(frame)) => return Ok(frame),
                Some(Err(_broken)) => break,
                None => {}
            }
            if cancel.load(Ordering::Relaxed) {
                return Err(IngestError::Cancelled);
            }
            let since = *since.get_or_insert_with(Instant::now);
            match frames.recv_timeout(LOOK_EVERY) {
                Ok(frames) => self.at_hand = frames.into_iter(),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) if since.elapsed() > silence => {
                    self.has_ended = true;
                    return Ok(Frame::Finding(too_much(&format!(
                        "the reader said nothing for {} seconds",
                        self.limits.silence_s
                    ))));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        self.has_ended = true;
        Ok(Frame::Finding(self.obituary()))
    }

    /// Why the child ended without saying so.
    fn obituary(&mut self) -> Finding {
        let since = Instant::now();
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if since.elapsed() < LAST_BREATH => thread::sleep(LOOK_EVERY),
                Ok(None) | Err(_) => break None,
            }
        };
        match status.and_then(|status: ExitStatus| status.signal()) {
            // Rust and C++ abort when memory cannot be had.
            Some(signal) if signal == Signal::ABORT.as_raw() => {
                too_much("the reader ran out of memory")
            }
            Some(signal) if signal == Signal::XCPU.as_raw() || signal == Signal::KILL.as_raw() => {
                too_much("the reader used more processor time or memory than it may")
            }
            _ => error(
                FindingCode::FileUnreadable,
                match status {
                    Some(status) => format!("the file broke the reader ({status})"),
                    None => "the file broke the reader".to_owned(),
                },
                "open it in QGIS and export it as GeoPackage",
            ),
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // Without a receiver the listener ends at its next frame, without a child at once.
        self.frames = None;
        // Both fail only where the child has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(listener) = self.listener.take() {
            // A panic of the listener has already ended the frames.
            let _ = listener.join();
        }
    }
}

fn command(reader: &ReaderCommand, work_folder: &TempDir) -> Command {
    let mut command = Command::new(&reader.program);
    command
        .args(&reader.arguments)
        .env_clear()
        .envs(
            KEPT_ENVIRONMENT
                .iter()
                .filter_map(|name| Some((*name, std::env::var_os(name)?))),
        )
        .env("LC_ALL", "C.UTF-8")
        .env("PROJ_NETWORK", "OFF")
        .env("http_proxy", NOWHERE)
        .env("https_proxy", NOWHERE)
        .env("all_proxy", NOWHERE)
        .current_dir(work_folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Hands over what has come as soon as nothing more is there to read.
fn listen(stdout: ChildStdout, sender: &SyncSender<Frames>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    let mut frames = Frames::new();
    loop {
        let frame = read_frame(&mut stdout);
        let is_last = !matches!(&frame, Ok(frame) if !matches!(frame, Frame::End));
        frames.push(frame);
        let is_enough = frames.len() == MAX_FRAMES_AT_ONCE || stdout.buffer().is_empty();
        if (is_last || is_enough) && sender.send(std::mem::take(&mut frames)).is_err() {
            return;
        }
        if is_last {
            return;
        }
    }
}

fn too_much(cause: &str) -> Finding {
    error(
        FindingCode::ParseLimit,
        cause,
        "split the file, or simplify its geometries in QGIS",
    )
}
