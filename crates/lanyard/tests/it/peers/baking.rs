//! Pictures: openbadgeslib bakes and un-bakes.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Peer, json_of, verdict};
use crate::server::Server;

#[tokio::test]
async fn openbadgeslib_and_we_read_each_others_baked_pictures() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::python("peer.py");
    let url = server.badge("baked").await;
    let badge = json_of(&server, &url).await;

    for (format, media) in [("png", "image/png"), ("svg", "image/svg+xml")] {
        let ours = server.form(&url, media).await;
        let carried =
            peer.ask("unbake", json!({"format": format, "picture": STANDARD.encode(&ours)})).unwrap();
        let carried: Value = serde_json::from_str(carried.as_str().unwrap()).unwrap();
        assert_eq!(carried, badge, "{format}");
        assert_eq!(verdict(&server.verify(media, ours).await), "valid");

        let achievement = badge["credentialSubject"]["achievement"]["id"].as_str().unwrap();
        let blank = server.form(&format!("{achievement}/image.{format}"), media).await;
        for form in ["ldp", "jwt"] {
            let theirs = peer
                .ask("bake", json!({"format": format, "form": form, "picture": STANDARD.encode(&blank)}))
                .unwrap();
            let theirs = STANDARD.decode(theirs.as_str().unwrap()).unwrap();
            let report = server.verify(media, theirs).await;
            assert_eq!(verdict(&report), "valid", "{format} {form}: {report:#}");
        }
    }
}
