//! The log as it is served, read by another implementation.

use std::{cell::RefCell, collections::HashMap};

use actix_web::test::TestRequest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::Signer as _;
use proof::log::{Checkpoint, Cosignature, LogProof, SignedNote, cosigned_message, entries_of};
use serde_json::Value;
use signed_note::{Note, StandardVerifier, VerifierList};
use testkit::backends;
use tlog_tiles::{HashReader as _, TileHashReader, check_record, check_tree, record_hash, stored_hash_index};

use crate::world::{World, run, witness};

const TEXT: &str = "text/plain; charset=utf-8";

/// Issues some badges and gives them their places; the last of them.
async fn grow(world: &World, badges: usize, round: &str) -> Value {
    let mut issued = Value::Null;
    for number in 0..badges {
        let body = crate::world::completion(&format!("{round}{number}"));
        issued = world.post_as(&world.trust, "/v1/completions", &body).await.json();
    }
    world.state.service.sequence_log().unwrap().unwrap();
    issued
}

fn id(issued: &Value) -> String {
    issued["credential"]["id"].as_str().unwrap().to_owned()
}

async fn proof_of(world: &World, id: &str) -> Value {
    let answer = world.get(&format!("/v1/credentials/{id}/log-proof"), "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-cache"),
        "{}",
        answer.text()
    );
    answer.json()
}

/// The peer's reading of a checkpoint whose signature it has checked.
fn verified(world: &World, note: &str) -> tlog_tiles::Checkpoint {
    let key = world.state.service.log_keys().pop().unwrap().to_string();
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&key).unwrap())]);
    let note = Note::from_bytes(note.as_bytes()).unwrap();
    note.verify(&known).unwrap();
    tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap()
}

fn hash(text: &Value) -> tlog_tiles::Hash {
    tlog_tiles::Hash::parse_hash(text.as_str().unwrap()).unwrap()
}

fn hashes(list: &Value) -> Vec<tlog_tiles::Hash> {
    list.as_array().unwrap().iter().map(hash).collect()
}

/// Tiles that were fetched beforehand: the peer's reader does not wait.
#[derive(Default)]
struct Fetched {
    tiles: HashMap<String, Vec<u8>>,
    missed: RefCell<Vec<String>>,
}

impl tlog_tiles::TileReader for Fetched {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, wanted: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let paths = wanted.iter().map(|tile| format!("/log/{}", tile.path().replace("tile/8/", "tile/")));
        let read = |path: String| {
            let found = self.tiles.get(&path).cloned();
            if found.is_none() {
                self.missed.borrow_mut().push(path);
            }
            found.ok_or(tlog_tiles::Error::InvalidTile)
        };
        paths.map(read).collect()
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

backends! {
    fn another_implementation_follows_the_log(db: TestDb) {
        run(db, async |world| {
            let absent = world.get("/log/checkpoint", "").await;
            assert_eq!((absent.status.as_u16(), absent.problem().as_str()), (404, "not-found"));
            let first = grow(&world, 3, "a").await;
            let before = verified(&world, &world.get("/log/checkpoint", "").await.text());
            grow(&world, 120, "b").await;
            let answer = world.get("/log/checkpoint", "").await;
            assert_eq!((answer.header("content-type"), answer.header("cache-control")), (TEXT, "public, max-age=2"));
            let after = verified(&world, &answer.text());
            assert_eq!(after.origin(), "badges.example.org/log");
            assert!(before.size() < 256 && after.size() > 256);

            // Every tile leads to the root, and every entry to its tile.
            let mut fetched = Fetched::default();
            for index in 0..after.size() {
                let leaf = loop {
                    let reader = TileHashReader::new(after.size(), *after.hash(), &fetched);
                    match reader.read_hashes(&[stored_hash_index(0, index)]) {
                        Ok(read) => break read[0],
                        Err(error) => assert!(!fetched.missed.borrow().is_empty(), "{error}"),
                    }
                    for path in fetched.missed.take() {
                        let tile = world.get(&path, "").await;
                        assert_eq!((tile.status.as_u16(), tile.header("content-type")), (200, "application/octet-stream"));
                        assert_eq!(tile.header("cache-control"), "public, max-age=31536000, immutable");
                        fetched.tiles.insert(path, tile.body.to_vec());
                    }
                };
                if index % 50 == 0 || index + 1 == after.size() {
                    let width = (after.size() - index / 256 * 256).min(256);
                    let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
                    let bundle = world.get(&format!("/log/tile/entries/{:03}{partial}", index / 256), "").await;
                    let entries = entries_of(&bundle.body).unwrap();
                    assert_eq!(u64::try_from(entries.len()).unwrap(), width);
                    assert_eq!(record_hash(entries[usize::try_from(index % 256).unwrap()]), leaf);
                }
            }

            // Its proofs are good for the peer, and the opening for whoever has the badge.
            let proof = proof_of(&world, &id(&first)).await;
            let stated = verified(&world, proof["checkpoint"].as_str().unwrap());
            let entry = &proof["entries"][0];
            let bytes = STANDARD.decode(entry["leaf"].as_str().unwrap()).unwrap();
            let (index, path) = (entry["index"].as_u64().unwrap(), hashes(&entry["inclusionProof"]));
            check_record(&path, stated.size(), *stated.hash(), index, record_hash(&bytes)).unwrap();
            assert!(String::from_utf8(bytes.clone()).unwrap().contains(&id(&first)));
            let in_one: LogProof = entry["tlogProof"].as_str().unwrap().parse().unwrap();
            in_one.verify(&bytes, &world.state.service.log_keys()[0]).unwrap();

            let url = format!("/v1/log/consistency?from={}&to={}", before.size(), after.size());
            let grown = world.get(&url, "").await.json();
            check_tree(&hashes(&grown["proof"]), after.size(), *after.hash(), before.size(), *before.hash()).unwrap();
            assert_eq!((hash(&grown["fromRoot"]), hash(&grown["toRoot"])), (*before.hash(), *after.hash()));

            // What was signed before is still there.
            let list = world.get("/v1/log/checkpoints?limit=1", "").await.json();
            let old = list["checkpoints"][0].clone();
            assert_eq!((list["checkpoints"].as_array().unwrap().len(), &old["size"]), (1, &before.size().into()));
            let one = world.get(&format!("/v1/log/checkpoints/{}", before.size()), "").await;
            assert_eq!(one.text(), old["note"].as_str().unwrap());
            let next = world.get(&format!("/v1/log/checkpoints?after={}", before.size()), "").await.json();
            assert_eq!(next["checkpoints"][0]["size"], after.size());
        });
    }

    fn a_badge_that_waits_for_its_place_says_so_and_a_revoked_one_has_two(db: TestDb) {
        run(db, async |world| {
            let issued = world.issue().await;
            let path = format!("/v1/credentials/{}/log-proof", id(&issued));
            let waiting = world.get(&path, "").await;
            assert_eq!((waiting.status.as_u16(), waiting.problem().as_str()), (409, "not-yet-logged"));
            assert_eq!(waiting.header("retry-after"), "1");
            world.state.service.sequence_log().unwrap();
            let proof = proof_of(&world, &id(&issued)).await;
            assert_eq!(proof["entries"].as_array().unwrap().len(), 1);
            let revoke = format!("/v1/credentials/{}/revoke", id(&issued));
            world.post_as(&world.trust, &revoke, &serde_json::json!({"reason": "sample"})).await;
            world.state.service.sequence_log().unwrap();
            let proof = proof_of(&world, &id(&issued)).await;
            let kinds: Vec<&str> = proof["entries"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
            assert_eq!(kinds, ["credential.issued", "credential.revoked"]);
            for unknown in ["/v1/credentials/00000000-0000-4000-8000-000000000000/log-proof", "/v1/credentials/x/log-proof"] {
                assert_eq!(world.get(unknown, "").await.status, 404);
            }
        });
    }

    fn what_the_log_has_not_is_not_found_and_what_cannot_be_asked_is_refused(db: TestDb) {
        run(db, async |world| {
            grow(&world, 2, "a").await;
            let size: u64 = verified(&world, &world.get("/log/checkpoint", "").await.text()).size();
            for path in [
                "/log/tile/0/000".to_owned(), "/log/tile/0/001.p/1".to_owned(), format!("/log/tile/0/000.p/{}", size + 1),
                "/log/tile/1/000.p/1".to_owned(), "/log/tile/0/0".to_owned(), "/log/tile/x/000".to_owned(),
                "/log/tile/entries/000".to_owned(), format!("/log/tile/entries/000.p/{}", size + 1),
                "/log/tile/0/x999/x999/x999/x999/x999/x999/999".to_owned(), "/log/tile/".to_owned(),
                "/log/tile/255/000".to_owned(), "/v1/log/checkpoints/1".to_owned(), "/v1/log/checkpoints/x".to_owned(),
                format!("/v1/log/consistency?from=1&to={}", size + 1), "/v1/log/checkpoints/18446744073709551615".to_owned(),
                format!("/v1/log/consistency?from=1&to={}", u64::MAX),
            ] {
                let answer = world.get(&path, "").await;
                assert!(answer.status == 404, "{path}: {} {}", answer.status, answer.text());
            }
            for path in ["/v1/log/consistency", "/v1/log/consistency?from=2&to=1", "/v1/log/consistency?from=-1&to=1", "/v1/log/checkpoints?after=x"] {
                let answer = world.get(path, "").await;
                assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "malformed-request"), "{path}");
            }
            assert_eq!(world.send(TestRequest::delete().uri("/log/checkpoint")).await.status, 405);
            assert_eq!(world.get(&format!("/log/tile/0/000.p/{size}"), "").await.status, 200);
            assert_eq!(world.get("/log/tile/0/000.p/1", "").await.body.len(), 32);
        });
    }

    fn a_known_witness_s_signature_is_taken_and_no_other(db: TestDb) {
        run(db, async |world| {
            grow(&world, 2, "a").await;
            let note: SignedNote = world.get("/log/checkpoint", "").await.text().parse().unwrap();
            let (private, key) = witness();
            let cosigned = |timestamp: u64, text: &str| {
                let signature = private.sign(&cosigned_message(timestamp, text)).to_bytes();
                note.clone().with(key.signature(Cosignature { timestamp, signature }.to_bytes())).to_string()
            };
            let good = cosigned(1_790_000_000, note.text());
            let larger = note.text().replacen('\n', "\n9", 1);
            for (body, media_type, status) in [
                (good.clone(), "application/json", 415),
                ("no note".to_owned(), TEXT, 400),
                (cosigned(1_790_000_000, "another\n"), TEXT, 400),
                (note.to_string(), TEXT, 403),
                (good.replace(note.text(), &larger), TEXT, 404),
                (good.clone(), TEXT, 204),
                (cosigned(1_790_000_001, note.text()), TEXT, 204),
            ] {
                let answer = world.post("/v1/log/cosignatures", media_type, body.clone()).await;
                assert_eq!(answer.status, status, "{body} {}", answer.text());
            }
            let served: SignedNote = world.get("/log/checkpoint", "").await.text().parse().unwrap();
            assert_eq!(served.is_signed_by(&key), Ok(true));
            assert_eq!(served.signatures().len(), 2, "one in the place of the other");
            let size = Checkpoint::of(&served).unwrap().size;
            let list = world.get("/v1/log/checkpoints", "").await.json();
            assert_eq!((&list["checkpoints"][0]["size"], &list["checkpoints"][0]["cosignatures"]), (&size.into(), &1.into()));
        });
    }
}
