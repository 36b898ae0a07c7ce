use super::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const SHORT: Duration = Duration::from_millis(400);

/// A server on loopback that reads one request, writes `answer` and, if
/// `hang`, keeps the connection open. Its URL.
async fn server(answer: Vec<u8>, hang: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/thing", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 1024];
                let _ = socket.read(&mut request).await;
                let _ = socket.write_all(&answer).await;
                if hang {
                    tokio::time::sleep(Duration::from_mins(1)).await;
                }
            });
        }
    });
    url
}

fn http(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn client() -> GuardedClient {
    GuardedClient::with_timeout(Reach::Development, SHORT).unwrap()
}

#[tokio::test]
async fn an_answer_comes_back_with_status_type_and_body() {
    let url = server(http("404 Not Found\r\nContent-Type: application/json", "{}"), false).await;
    let fetched = client().fetch(&url, "application/json", 100).await.unwrap();
    assert_eq!((fetched.status, fetched.content_type.as_deref()), (404, Some("application/json")));
    assert_eq!(fetched.body, "{}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let goal = server(http("200 OK", "secret"), false).await;
    let url = server(http(&format!("302 Found\r\nLocation: {goal}"), ""), false).await;
    let refused = client().fetch(&url, "*/*", 100).await.unwrap_err();
    assert_eq!(refused, FetchError::Redirected { url, location: goal });
}

#[tokio::test]
async fn what_is_delivered_is_no_redirect_goes_to_no_private_address_and_answers_by_status() {
    let headers = [("webhook-id", "msg_1".to_owned())];
    let url = server(http("410 Gone", "not read"), false).await;
    assert_eq!(client().deliver(&url, &headers, "{}".to_owned()).await, Ok(410));
    let redirecting = server(http(&format!("307 Temporary Redirect\r\nLocation: {url}"), ""), false).await;
    let refused = client().deliver(&redirecting, &headers, "{}".to_owned()).await;
    assert_eq!(refused, Err(FetchError::Redirected { url: redirecting, location: url }));
    let public = GuardedClient::with_timeout(Reach::Public, SHORT).unwrap();
    // The last has a public name, and stands at a private address once it is resolved.
    for url in ["https://10.0.0.1/", "https://localhost/"] {
        let refused = public.deliver(url, &headers, String::new()).await;
        assert!(matches!(refused, Err(FetchError::NotPublic { .. })), "{url}: {refused:?}");
    }
    assert!(matches!(public.permits("http://hr.example.org/"), Err(FetchError::NotHttps(_))));
    assert!(matches!(public.permits("https://192.168.0.7/"), Err(FetchError::NotPublic { .. })));
    assert_eq!(public.permits("https://hr.example.org/hooks"), Ok(()));
}

#[tokio::test]
async fn who_delivers_takes_a_place_among_those_who_fetch() {
    let client = client();
    let url = server(http("200 OK", ""), false).await;
    let all = client.connections.clone().acquire_many_owned(64).await.unwrap();
    let waited = client.deliver(&url, &[], String::new()).await;
    assert!(matches!(waited, Err(FetchError::TimedOut { .. })), "{waited:?}");
    drop(all);
    assert_eq!(client.deliver(&url, &[], String::new()).await, Ok(200));
    // What hangs holds its place for as long as it does.
    let slow = server(Vec::new(), true).await;
    let (delivered, free) = tokio::join!(client.deliver(&slow, &[], String::new()), async {
        tokio::time::sleep(SHORT / 2).await;
        client.connections.available_permits()
    });
    assert_eq!((delivered.is_err(), free, client.connections.available_permits()), (true, 63, 64));
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up() {
    for (answer, hang) in [(vec![], true), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".to_vec(), true)]
    {
        let url = server(answer, hang).await;
        let refused = client().fetch(&url, "*/*", 100).await.unwrap_err();
        assert!(matches!(refused, FetchError::TimedOut { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_long_answer_is_cut_off_declared_or_not() {
    let declared = http("200 OK", &"x".repeat(101));
    let mut undeclared = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    undeclared.extend_from_slice(&[b'x'; 5000]);
    for answer in [declared, undeclared] {
        let url = server(answer, false).await;
        let refused = client().fetch(&url, "*/*", 100).await.unwrap_err();
        assert_eq!(refused, FetchError::TooLarge { url, limit: 100 });
    }
    let url = server(http("200 OK", &"x".repeat(100)), false).await;
    assert_eq!(client().fetch(&url, "*/*", 100).await.unwrap().body.len(), 100);
}

#[tokio::test]
async fn a_compressed_answer_and_a_closed_port_are_refused() {
    let url = server(http("200 OK\r\nContent-Encoding: gzip", "xx"), false).await;
    assert_eq!(client().fetch(&url, "*/*", 100).await, Err(FetchError::Encoded(url)));
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = client().fetch(&format!("http://{free}/"), "*/*", 100).await.unwrap_err();
    let reason = "connection refused".to_owned();
    assert_eq!(refused, FetchError::Unreachable { url: format!("http://{free}/"), reason });
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_before_a_packet_leaves() {
    let live = server(http("200 OK", "secret"), false).await;
    let port = live.trim_end_matches("/thing").rsplit(':').next().unwrap().to_owned();
    let public = GuardedClient::with_timeout(Reach::Public, SHORT).unwrap();
    for url in [
        format!("https://127.0.0.1:{port}/thing"),
        "https://2130706433/".to_owned(),
        "https://0x7f.1/".to_owned(),
        "https://[::1]/".to_owned(),
        "https://[::ffff:127.0.0.1]/".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://localhost/".to_owned(),
    ] {
        let refused = public.fetch(&url, "*/*", 100).await.unwrap_err();
        assert!(matches!(refused, FetchError::NotPublic { .. }), "{url}: {refused}");
    }
    for (url, development) in
        [(live.as_str(), false), ("http://example.org/", true), ("ftp://example.org/", true)]
    {
        let client = if development { client() } else { public.clone() };
        let refused = client.fetch(url, "*/*", 100).await.unwrap_err();
        assert!(
            matches!(refused, FetchError::NotHttps(_) | FetchError::NotPublic { .. }),
            "{url}: {refused}"
        );
    }
    assert!(matches!(permitted("http://example.org/", Reach::Public), Err(FetchError::NotHttps(_))));
    assert!(matches!(permitted("https://example.org:8443/", Reach::Development), Err(FetchError::Port(_))));
    for url in ["https://u:p@example.org/", "example.org", "data:text/plain,x", "https://"] {
        assert!(matches!(permitted(url, Reach::Development), Err(FetchError::NotUrl(_))), "{url}");
    }
}

#[test]
fn a_name_with_one_private_address_is_refused_as_a_whole() {
    let addresses =
        |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
    let mixed = judged("a.example.org", addresses(&["1.1.1.1:0", "10.0.0.1:0"]), Reach::Public);
    assert_eq!(
        mixed,
        Err(FetchError::NotPublic { host: "a.example.org".into(), address: "10.0.0.1".into() })
    );
    assert!(judged("a.example.org", addresses(&["1.1.1.1:0"]), Reach::Public).is_ok());
    assert!(judged("localhost", addresses(&["1.1.1.1:0"]), Reach::Development).is_err());
    assert!(judged("a.example.org", vec![], Reach::Public).is_err());
}
