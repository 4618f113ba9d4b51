//! A proxy between the program and PostgreSQL that counts what the program says, and kills it at a message.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jangkau::store::Target;
use tempfile::TempDir;

use super::database::scratch_folder;

/// What PostgreSQL and its clients call the socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// What the program calls itself behind the proxy.
pub(crate) const NAME: &str = "to-be-killed";

/// First number of a request for encryption, and of one to cancel: they have no type, as the first message.
const REQUESTS_WITHOUT_TYPE: [u32; 3] = [80_877_102, 80_877_103, 80_877_104];

/// How long an answer is waited for.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// The last message of a connection.
const TERMINATE: u8 = b'X';

/// A message longer than this would be a mistake of the proxy.
const MAX_MESSAGE_BYTES: u32 = 64 * 1024 * 1024;

/// A message of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its type; 0 for those without one.
    pub(crate) kind: u8,
    /// The statement of a simple query, else empty.
    pub(crate) query: String,
}

impl Message {
    /// Whether it ends a transaction well.
    pub(crate) fn is_commit(&self) -> bool {
        self.query.to_lowercase().starts_with("commit")
    }

    /// Whether PostgreSQL acts on it, and does not wait for what comes next.
    pub(crate) fn is_acted_on(&self) -> bool {
        b"QSc".contains(&self.kind)
    }
}

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    Never,
    /// Instead of forwarding its message of this number, counted from 0.
    Before(usize),
    /// Once PostgreSQL has answered it.
    After(usize),
    /// Instead of forwarding its commit of this number: a busy machine may shift the others by a message.
    BeforeCommit(usize),
    /// Once PostgreSQL has answered it.
    AfterCommit(usize),
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: ExitStatus,
    /// Whether it came to the message at which it was to be killed.
    pub(crate) was_killed: bool,
    /// What it said until then.
    pub(crate) messages: Vec<Message>,
}

/// What the connections share: they count together.
struct Plan {
    kill: Kill,
    messages: Vec<Message>,
    /// Tells that the program is to be killed, and waits until it is dead.
    executioner: (Sender<()>, Receiver<()>),
    has_killed: bool,
}

/// A place in front of a database; a new connection belongs to the run that is under way.
pub(crate) struct Proxy {
    folder: TempDir,
    user: String,
    database: String,
    plan: Arc<Mutex<Option<Plan>>>,
}

impl Proxy {
    pub(crate) fn before(target: &Target) -> Self {
        let Target::Socket {
            dir,
            user,
            database,
        } = target.clone()
        else {
            unreachable!("the scratch cluster has a socket")
        };
        let folder = scratch_folder();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let plan = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&plan);
        // Ends with the process of the tests.
        thread::spawn(move || {
            for client in listener.incoming() {
                let server = UnixStream::connect(dir.join(SOCKET));
                let (Ok(client), Ok(server)) = (client, server) else {
                    return;
                };
                let plan = Arc::clone(&shared);
                thread::spawn(move || serve(&client, &server, &plan));
            }
        });
        Self {
            folder,
            user,
            database,
            plan,
        }
    }

    /// Runs the program against the database, and kills it when the time comes.
    pub(crate) fn run(&self, arguments: &[&str], kill: Kill) -> Run {
        let (tell, told) = channel();
        let (answer, answered) = channel();
        *self.plan.lock().unwrap() = Some(Plan {
            kill,
            messages: Vec::new(),
            executioner: (tell, answered),
            has_killed: false,
        });
        let folder = self.folder.path().to_str().unwrap().replace('/', "%2F");
        let (user, database) = (&self.user, &self.database);
        let child = Command::new(env!("CARGO_BIN_EXE_jangkau"))
            .args(arguments)
            .env(
                "DATABASE_URL",
                format!("postgres://{user}@{folder}/{database}?application_name={NAME}"),
            )
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let status = watch(child, &told, &answer);
        let plan = self.plan.lock().unwrap().take().unwrap();
        Run {
            status,
            was_killed: plan.has_killed,
            messages: plan.messages,
        }
    }
}

/// Waits for the end of the program, which comes by itself or on demand.
fn watch(mut child: Child, told: &Receiver<()>, answer: &Sender<()>) -> ExitStatus {
    loop {
        match told.recv_timeout(Duration::from_millis(5)) {
            Ok(()) => {
                child.kill().unwrap();
                let status = child.wait().unwrap();
                answer.send(()).unwrap();
                return status;
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait().unwrap() {
                    return status;
                }
            }
            Err(RecvTimeoutError::Disconnected) => unreachable!("the plan holds the sender"),
        }
    }
}

/// Carries one connection until either side ends it.
fn serve(client: &UnixStream, server: &UnixStream, plan: &Mutex<Option<Plan>>) {
    let n_answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Whichever side ends the connection, the other is told below.
            let _ = answer(server, client, &n_answered);
            let _ = client.shutdown(Shutdown::Both);
        });
        let _ = carry(client, server, &n_answered, plan);
        let _ = server.shutdown(Shutdown::Both);
    });
}

/// Carries what PostgreSQL says, and counts its bytes.
fn answer(
    mut server: &UnixStream,
    mut client: &UnixStream,
    n_answered: &AtomicUsize,
) -> io::Result<()> {
    let mut bytes = vec![0; 1 << 16];
    loop {
        let n_bytes = server.read(&mut bytes)?;
        if n_bytes == 0 {
            return Ok(());
        }
        n_answered.fetch_add(n_bytes, Ordering::SeqCst);
        client.write_all(&bytes[..n_bytes])?;
    }
}

/// Waits until PostgreSQL has answered more than it had: a connection that breaks takes along what was not read yet.
fn wait_for_answer(n_answered: &AtomicUsize, before: usize) {
    let give_up = Instant::now() + ANSWERED_WITHIN;
    while n_answered.load(Ordering::SeqCst) == before && Instant::now() < give_up {
        thread::sleep(Duration::from_millis(1));
    }
}

fn carry(
    mut client: &UnixStream,
    mut server: &UnixStream,
    n_answered: &AtomicUsize,
    plan: &Mutex<Option<Plan>>,
) -> io::Result<()> {
    let mut has_begun = false;
    loop {
        let mut bytes = Vec::new();
        let message = read_message(&mut client, &mut has_begun, &mut bytes)?;
        let mut guard = plan.lock().unwrap();
        let Some(plan) = guard.as_mut().filter(|plan| !plan.has_killed) else {
            // The program is dead; what was still on the way goes nowhere.
            return Ok(());
        };
        // A connection that is done with says so whenever its task comes round to it: in no order, and to no effect.
        if message.kind == TERMINATE {
            server.write_all(&bytes)?;
            continue;
        }
        let number = plan.messages.len();
        let n_commits = plan
            .messages
            .iter()
            .filter(|message| message.is_commit())
            .count();
        let is_commit = message.is_commit();
        plan.messages.push(message);
        let is_at = |kill: Kill, message: Kill, commit: Kill| {
            kill == message || is_commit && kill == commit
        };
        if is_at(
            plan.kill,
            Kill::Before(number),
            Kill::BeforeCommit(n_commits),
        ) {
            return plan.execute();
        }
        let before = n_answered.load(Ordering::SeqCst);
        server.write_all(&bytes)?;
        if is_at(plan.kill, Kill::After(number), Kill::AfterCommit(n_commits)) {
            wait_for_answer(n_answered, before);
            return plan.execute();
        }
    }
}

impl Plan {
    fn execute(&mut self) -> io::Result<()> {
        self.has_killed = true;
        let (tell, answered) = &self.executioner;
        tell.send(()).map_err(io::Error::other)?;
        answered.recv().map_err(io::Error::other)
    }
}

/// Reads a message whole: all but the first of a connection begin with their type; the length counts itself.
fn read_message(
    from: &mut &UnixStream,
    has_begun: &mut bool,
    bytes: &mut Vec<u8>,
) -> io::Result<Message> {
    let mut kind = [0];
    if *has_begun {
        from.read_exact(&mut kind)?;
        bytes.extend(kind);
    }
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    bytes.extend(length);
    let n_bytes = u32::from_be_bytes(length);
    assert!((4..MAX_MESSAGE_BYTES).contains(&n_bytes), "{n_bytes} bytes");
    let mut body = vec![0; n_bytes as usize - 4];
    from.read_exact(&mut body)?;
    bytes.extend(&body);
    if !*has_begun {
        let first = body.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        *has_begun = first.is_some_and(|number| !REQUESTS_WITHOUT_TYPE.contains(&number));
    }
    let query = if kind == *b"Q" {
        String::from_utf8_lossy(&body)
            .trim_end_matches('\0')
            .to_owned()
    } else {
        String::new()
    };
    Ok(Message {
        kind: kind[0],
        query,
    })
}

/// A file in a folder of its own.
pub(crate) fn written(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = scratch_folder();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}
