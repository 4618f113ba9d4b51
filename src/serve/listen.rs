//! The server's start and stop: connections accepted up to a limit, and let finish at the end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::guard::Peer;
use super::router::router;
use super::state::ServeState;

/// A moment for the system to free what it lacks, such as file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown` resolves, then lets answers under way end.
///
/// The listener must be bound to loopback: who has no account may read there.
///
/// # Errors
/// The listener is bound to an address that others can reach.
pub async fn serve(
    state: ServeState,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        let cause = format!("cannot serve on {address}: only loopback addresses are served");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, cause));
    }
    let limits = state.limits;
    let service = TowerToHyperService::new(router(&state));
    let connections = Arc::new(Semaphore::new(limits.n_connections));
    let graceful = GracefulShutdown::new();
    tracing::info!(%address, "serving");

    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer, permit) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_time)
            .max_buf_size(limits.head_bytes)
            .serve_connection(TokioIo::new(stream), with_peer(service.clone(), peer));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            drop(permit);
        });
    }
    drop(listener);
    tracing::info!(connections = graceful.count(), "stopping");
    if tokio::time::timeout(limits.shutdown_time, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            "connections were cut after {} s",
            limits.shutdown_time.as_secs()
        );
    }
    Ok(())
}

/// The service of one connection: its requests know where they come from.
fn with_peer(
    service: TowerToHyperService<Router>,
    peer: IpAddr,
) -> impl Service<
    Request<Incoming>,
    Response = Response,
    Error = Infallible,
    Future: Future<Output = Result<Response, Infallible>> + Send,
> {
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        service.call(request)
    })
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, IpAddr, OwnedSemaphorePermit) {
    let permit = Arc::clone(connections).acquire_owned().await;
    let permit = permit.expect("nobody closes the semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, address)) => return (stream, address.ip(), permit),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
