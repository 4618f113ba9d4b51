//! What the settings mean, checked.

use std::ffi::OsString;
use std::fmt;
use std::net::{AddrParseError, IpAddr, Ipv4Addr, SocketAddr};
use std::path::{self, Path, PathBuf};

use super::{RawSettings, SettingsError, SettingsProblem, User};

/// The port listened on when none is named.
const DEFAULT_PORT: u16 = 8080;

/// Where root keeps data: the private database runs as another user, who may not enter root's home.
const ROOT_DATA_DIRECTORY: &str = "/var/lib/jangkau";

/// Settings that can be used as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which database.
    pub store: StoreSettings,
    /// Where HTTP is served: a loopback address.
    pub listen: SocketAddr,
    /// The form of log lines on standard error.
    pub log_format: LogFormat,
}

/// Which database is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreSettings {
    /// A private cluster that the program makes and supervises.
    Managed {
        /// Its place, absolute; it need not exist yet.
        data_dir: PathBuf,
    },
    /// A database that somebody else runs.
    Url(DatabaseUrl),
}

/// The address of a database; its password stays out of logs, since `Debug` hides all of it.
///
/// Invariant: begins with `postgres://` or `postgresql://`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Settings {
    /// Settings from what was typed and what the environment says.
    ///
    /// `variable` looks a variable of the environment up; an empty one counts as not set.
    /// `DATABASE_URL` names the database, `JANGKAU_LOG_FORMAT` is the default of `--log-format`,
    /// `XDG_DATA_HOME` and `HOME` decide where data live when `--data-dir` is not given.
    ///
    /// # Errors
    /// All problems at once.
    pub fn resolve(
        raw: &RawSettings,
        variable: impl Fn(&str) -> Option<OsString>,
        user: User,
    ) -> Result<Self, SettingsError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let store = keep(store(raw, variable, user), &mut problems);
        let listen = keep(listen(raw), &mut problems);
        let log_format = keep(log_format(raw, variable), &mut problems);
        match (store, listen, log_format) {
            (Some(store), Some(listen), Some(log_format)) => Ok(Self {
                store,
                listen,
                log_format,
            }),
            _ => Err(SettingsError { problems }),
        }
    }
}

/// The value, or its problem put with the others.
fn keep<T>(result: Result<T, SettingsProblem>, problems: &mut Vec<SettingsProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn store(
    raw: &RawSettings,
    variable: impl Fn(&str) -> Option<OsString>,
    user: User,
) -> Result<StoreSettings, SettingsProblem> {
    match (&raw.data_dir, text(&variable, "DATABASE_URL")?) {
        (Some(_), Some(_)) => Err(SettingsProblem::TwoDatabases),
        (None, Some(url)) => DatabaseUrl::parse(url).map(StoreSettings::Url),
        (Some(typed), None) => absolute(typed).map(|data_dir| StoreSettings::Managed { data_dir }),
        (None, None) => {
            default_data_dir(variable, user).map(|data_dir| StoreSettings::Managed { data_dir })
        }
    }
}

/// A directory counted from the working directory, since the database's server will run in another one.
fn absolute(directory: &Path) -> Result<PathBuf, SettingsProblem> {
    if directory.as_os_str().is_empty() {
        return Err(SettingsProblem::EmptyDataDirectory);
    }
    path::absolute(directory)
        .map_err(|error| SettingsProblem::NoWorkingDirectory(error.to_string()))
}

/// `$XDG_DATA_HOME/jangkau`, else `~/.local/share/jangkau`; relative ones count as not set.
///
/// # References
/// XDG Base Directory Specification 0.8, section 3: paths in these variables must be absolute.
fn default_data_dir(
    variable: impl Fn(&str) -> Option<OsString>,
    user: User,
) -> Result<PathBuf, SettingsProblem> {
    if user == User::Root {
        return Ok(PathBuf::from(ROOT_DATA_DIRECTORY));
    }
    let directory = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    directory("XDG_DATA_HOME")
        .or_else(|| directory("HOME").map(|home| home.join(".local/share")))
        .map(|data_home| data_home.join("jangkau"))
        .ok_or(SettingsProblem::NoDataDirectory)
}

fn listen(raw: &RawSettings) -> Result<SocketAddr, SettingsProblem> {
    let address = match (&raw.listen, raw.port) {
        (Some(_), Some(_)) => return Err(SettingsProblem::TwoPorts),
        (Some(typed), None) => typed
            .parse()
            .map_err(|_malformed: AddrParseError| SettingsProblem::Listen(typed.clone()))?,
        (None, port) => SocketAddr::new(
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            port.unwrap_or(DEFAULT_PORT),
        ),
    };
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(SettingsProblem::NotLoopback(address.ip()))
    }
}

fn log_format(
    raw: &RawSettings,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<LogFormat, SettingsProblem> {
    let (setting, word) = match &raw.log_format {
        Some(word) => ("--log-format", Some(word.clone())),
        None => ("JANGKAU_LOG_FORMAT", text(variable, "JANGKAU_LOG_FORMAT")?),
    };
    match word.as_deref() {
        None => Ok(LogFormat::default()),
        Some("text") => Ok(LogFormat::Text),
        Some("json") => Ok(LogFormat::Json),
        Some(word) => Err(SettingsProblem::LogFormat {
            setting,
            word: word.to_owned(),
        }),
    }
}

fn text(
    variable: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
) -> Result<Option<String>, SettingsProblem> {
    variable(name)
        .map(OsString::into_string)
        .transpose()
        .map_err(|_bytes| SettingsProblem::NotUtf8(name))
}

impl DatabaseUrl {
    /// An address such as `postgres://user:password@host/database`; what follows the scheme is not checked.
    ///
    /// # Errors
    /// Another scheme.
    pub fn parse(text: String) -> Result<Self, SettingsProblem> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self(text))
        } else {
            Err(SettingsProblem::DatabaseUrl)
        }
    }

    /// The whole address, with its password.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment of these variables and no others.
    fn environment<'a>(
        variables: &'a [(&'a str, &'a str)],
    ) -> impl Fn(&str) -> Option<OsString> + 'a {
        |name| {
            variables
                .iter()
                .find(|(each, _)| *each == name)
                .map(|(_, value)| OsString::from(value))
        }
    }

    fn resolve(
        raw: &RawSettings,
        variables: &[(&str, &str)],
    ) -> Result<Settings, Vec<SettingsProblem>> {
        Settings::resolve(raw, environment(variables), User::Unprivileged)
            .map_err(|error| error.problems)
    }

    fn managed(data_dir: &str) -> StoreSettings {
        StoreSettings::Managed {
            data_dir: PathBuf::from(data_dir),
        }
    }

    #[test]
    fn without_any_setting_a_private_database_lives_under_the_users_home() {
        let settings = resolve(&RawSettings::default(), &[("HOME", "/h")]).unwrap();
        assert_eq!(
            settings,
            Settings {
                store: managed("/h/.local/share/jangkau"),
                listen: "127.0.0.1:8080".parse().unwrap(),
                log_format: LogFormat::Text,
            }
        );
    }

    #[test]
    fn the_data_home_goes_before_the_home_unless_it_is_relative() {
        let store = |data_home| {
            let variables = [("HOME", "/h"), ("XDG_DATA_HOME", data_home)];
            resolve(&RawSettings::default(), &variables).unwrap().store
        };
        assert_eq!(store("/d"), managed("/d/jangkau"));
        assert_eq!(store("d"), managed("/h/.local/share/jangkau"));
    }

    #[test]
    fn root_never_keeps_data_in_its_home() {
        let variables = [("HOME", "/h"), ("XDG_DATA_HOME", "/d")];
        let settings =
            Settings::resolve(&RawSettings::default(), environment(&variables), User::Root);
        assert_eq!(settings.unwrap().store, managed("/var/lib/jangkau"));
    }

    #[test]
    fn a_relative_data_directory_counts_from_the_working_directory() {
        let raw = RawSettings {
            data_dir: Some(PathBuf::from("d")),
            ..RawSettings::default()
        };
        let StoreSettings::Managed { data_dir } = resolve(&raw, &[]).unwrap().store else {
            panic!("a data directory means a private database");
        };
        assert_eq!(data_dir, std::env::current_dir().unwrap().join("d"));
    }

    #[test]
    fn an_empty_database_url_is_none() {
        let settings = resolve(
            &RawSettings::default(),
            &[("DATABASE_URL", ""), ("HOME", "/h")],
        );
        assert_eq!(settings.unwrap().store, managed("/h/.local/share/jangkau"));
    }

    #[test]
    fn a_password_never_reaches_a_log_line_or_a_message() {
        let good = [("DATABASE_URL", "postgres://u:secret@h/d")];
        let settings = resolve(&RawSettings::default(), &good).unwrap();
        assert!(!format!("{settings:?}").contains("secret"));
        let bad = [("DATABASE_URL", "mysql://u:secret@h/d")];
        let problems = resolve(&RawSettings::default(), &bad).unwrap_err();
        assert!(!format!("{problems:?} {}", problems[0]).contains("secret"));
    }

    #[test]
    fn only_loopback_addresses_are_listened_on() {
        let listen = |address: &str| {
            let raw = RawSettings {
                listen: Some(address.to_owned()),
                ..RawSettings::default()
            };
            resolve(&raw, &[("HOME", "/h")]).map(|settings| settings.listen)
        };
        assert_eq!(listen("127.0.0.1:1"), Ok("127.0.0.1:1".parse().unwrap()));
        assert_eq!(listen("[::1]:0"), Ok("[::1]:0".parse().unwrap()));
        assert_eq!(
            listen("0.0.0.0:80"),
            Err(vec![SettingsProblem::NotLoopback(
                Ipv4Addr::UNSPECIFIED.into()
            )])
        );
        assert_eq!(
            listen("8080"),
            Err(vec![SettingsProblem::Listen("8080".to_owned())])
        );
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let raw = RawSettings {
            data_dir: Some(PathBuf::from("/d")),
            listen: Some("127.0.0.1:1".to_owned()),
            port: Some(2),
            log_format: Some("xml".to_owned()),
        };
        let error = Settings::resolve(
            &raw,
            environment(&[("DATABASE_URL", "postgres://h/d")]),
            User::Unprivileged,
        )
        .unwrap_err();
        assert_eq!(
            error.problems,
            [
                SettingsProblem::TwoDatabases,
                SettingsProblem::TwoPorts,
                SettingsProblem::LogFormat {
                    setting: "--log-format",
                    word: "xml".to_owned()
                },
            ]
        );
        assert_eq!(error.to_string().lines().count(), 1 + error.problems.len());
    }
}
