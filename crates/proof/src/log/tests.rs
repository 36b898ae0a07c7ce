use std::collections::HashMap;

use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;

use super::*;

/// RFC 6962, 2.1, word for word.
fn defined(entries: &[Vec<u8>]) -> Hash {
    match entries {
        [] => Hash::of_nothing(),
        [entry] => leaf_hash(entry),
        several => {
            let (left, right) = several.split_at(several.len().next_power_of_two() / 2);
            node_hash(&defined(left), &defined(right))
        }
    }
}

/// A log in memory: its edge, every tile that was ever made, and the entries.
#[derive(Default)]
struct Log {
    edge: Edge,
    tiles: HashMap<Tile, Vec<Hash>>,
    entries: Vec<Vec<u8>>,
}

impl Log {
    fn of(size: u64) -> Self {
        let mut log = Self::default();
        for entry in 0..size {
            log.push(format!("entry {entry}").into_bytes());
        }
        log
    }

    fn push(&mut self, entry: Vec<u8>) {
        self.edge.push(leaf_hash(&entry), &mut |tile, hashes| {
            self.tiles.insert(tile, hashes.to_vec());
        });
        self.tiles.extend(self.edge.partial().map(|(tile, hashes)| (tile, hashes.to_vec())));
        self.entries.push(entry);
    }

    fn reader(&self) -> TileReader<impl FnMut(Tile) -> Result<Vec<Hash>, LogError>> {
        TileReader::new(self.edge.size(), |tile| {
            self.tiles.get(&tile).cloned().ok_or_else(|| LogError::Tile(tile.to_string()))
        })
    }
}

fn key() -> (SigningKey, VerifierKey) {
    let private = SigningKey::from_bytes(&[7; 32]);
    let public = private.verifying_key().to_bytes();
    (private, VerifierKey::new("log.example.org/one", SignatureKind::Ed25519, public).unwrap())
}

fn signed(checkpoint: &Checkpoint) -> SignedNote {
    let (private, public) = key();
    let text = checkpoint.to_string();
    let signature = public.signature(private.sign(text.as_bytes()).to_bytes().to_vec());
    SignedNote::new(text, vec![signature]).unwrap()
}

fn state(log: &Log) -> Checkpoint {
    Checkpoint { origin: key().1.name().to_owned(), size: log.edge.size(), root: log.edge.root() }
}

#[test]
fn the_reference_tree_of_certificate_transparency_has_its_roots() {
    let entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut log = Log::default();
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex::encode(log.edge.root().0), nothing);
    for (entry, root) in entries.iter().zip(roots) {
        log.push(hex::decode(entry).unwrap());
        assert_eq!(hex::encode(log.edge.root().0), root);
    }
    let path = |index| {
        log.reader().inclusion(index, 8).unwrap().iter().map(|hash| hex::encode(hash.0)).collect::<Vec<_>>()
    };
    assert_eq!(
        path(0),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
}

#[test]
fn every_size_and_every_proof_around_full_tiles_is_right() {
    let log = Log::of(600);
    for size in [0, 1, 2, 3, 7, 64, 255, 256, 257, 511, 512, 600] {
        let entries = &log.entries[..usize::try_from(size).unwrap()];
        let root = defined(entries);
        assert_eq!(log.reader().root(size).unwrap(), root, "{size}");
        let edge =
            Edge::read(size, |tile| log.tiles.get(&tile).cloned().ok_or(LogError::Tile(tile.to_string())));
        assert_eq!(edge.unwrap().root(), root, "{size}");
        for index in 0..size {
            let path = log.reader().inclusion(index, size).unwrap();
            let leaf = leaf_hash(&entries[usize::try_from(index).unwrap()]);
            verify_inclusion(index, size, &leaf, &path, &root).unwrap();
        }
        for old in 0..=size {
            let proof = log.reader().consistency(old, size).unwrap();
            let old_root = log.reader().root(old).unwrap();
            verify_consistency(old, size, &old_root, &root, &proof).unwrap();
        }
    }
}

#[test]
fn tiles_are_those_that_the_specification_counts() {
    // tlog-tiles, «Partial Tiles»: a tree of 70,000.
    let widths = |level| {
        let tiles: Vec<_> = Tile::all(70_000).filter(|tile| tile.level == level).collect();
        (tiles.iter().filter(|tile| tile.is_full()).count(), tiles.last().unwrap().width)
    };
    assert_eq!((widths(0), widths(1), widths(2)), ((273, 112), (1, 17), (0, 1)));
    assert_eq!(Tile::all(256).map(|tile| (tile.level, tile.width)).collect::<Vec<_>>(), [(0, 256), (1, 1)]);
    let mut log = Log::of(300);
    log.tiles.retain(|tile, _| Tile::in_tree(tile.level, tile.index, 300) == Some(*tile));
    let mut tiles: Vec<_> = log.tiles.keys().copied().collect();
    tiles.sort();
    assert_eq!(tiles, Tile::all(300).collect::<Vec<_>>());
}

#[test]
fn a_path_is_written_in_one_way() {
    for path in [
        "tile/0/000",
        "tile/0/x001/x234/067",
        "tile/63/999.p/255",
        "tile/entries/x001/000.p/1",
        "tile/entries/000",
    ] {
        assert_eq!(Resource::from_path(path).unwrap().to_string(), path);
    }
    for path in [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/001/000",
        "tile/0/x000/001",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/x001",
        "tile/0/",
        "tile/entries",
        "/tile/0/000",
        "tile/0/+01",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/00\u{661}",
    ] {
        assert!(Resource::from_path(path).is_err(), "{path}");
    }
}

#[test]
fn bundles_give_back_their_entries() {
    let longest = vec![0xff; MOST_ENTRY_BYTES];
    let entries = [b"".as_slice(), b"a", &longest];
    let mut bundle = Vec::new();
    for entry in entries {
        push_entry(&mut bundle, entry).unwrap();
    }
    assert_eq!(entries_of(&bundle).unwrap(), entries);
    assert!(entries_of(&bundle[..bundle.len() - 1]).is_err());
    assert!(entries_of(&[0]).is_err());
    assert_eq!(push_entry(&mut bundle, &vec![0; 65_536]), Err(LogError::EntryTooLong(65_536)));
}

#[test]
fn a_note_of_the_go_module_mirror_s_documentation_verifies() {
    let key: VerifierKey =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let note = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n\n\
                \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let read: SignedNote = note.parse().unwrap();
    assert_eq!(read.is_signed_by(&key), Ok(true));
    assert_eq!(read.to_string(), note);
    let changed: SignedNote = note.replace("answer", "Answer").parse().unwrap();
    assert_eq!(changed.is_signed_by(&key), Err(LogError::BadSignature("PeterNeumann".to_owned())));
    assert_eq!(changed.is_signed_by(&self::key().1), Ok(false));
}

#[test]
fn what_is_no_note_key_or_checkpoint_is_refused() {
    let good = signed(&state(&Log::of(3))).to_string();
    for (from, to) in [
        ("\n\n", "\n"),
        ("\u{2014} ", "- "),
        ("=\n", "\n"),
        ("=\n", "="),
        ("one ", "one  "),
        ("\n3\n", "\n\t3\n"),
    ] {
        assert!(good.replace(from, to).parse::<SignedNote>().is_err(), "{from:?} {to:?}");
    }
    let line = good.lines().last().unwrap();
    let many = format!("{good}{}", format!("{line}\n").repeat(64));
    assert!(many.parse::<SignedNote>().is_err());
    let text = state(&Log::of(3)).to_string();
    for (from, to) in [
        ("\n3\n", "\n03\n"),
        ("\n3\n", "\n-3\n"),
        ("\n3\n", "\n\n"),
        ("=\n", "\n"),
        ("=\n", "="),
        ("log.", "\nlog."),
    ] {
        assert!(text.replace(from, to).parse::<Checkpoint>().is_err(), "{from:?} {to:?}");
    }
    assert_eq!(format!("{text}more\n").parse::<Checkpoint>().unwrap(), state(&Log::of(3)));
    assert!(format!("{text}\n").parse::<Checkpoint>().is_err());
    let key = key().1.to_string();
    assert_eq!(key.parse::<VerifierKey>().unwrap(), self::key().1);
    for (from, to) in [("log", "Log"), ("+A", "+B"), ("/one", " one"), ("+", "")] {
        assert!(key.replace(from, to).parse::<VerifierKey>().is_err(), "{from:?} {to:?}");
    }
    let weak = VerifierKey::new("log", SignatureKind::Ed25519, [0; 32]);
    assert!(weak.is_err(), "a key of small order verifies what nobody signed");
}

#[test]
fn a_witness_cosigns_what_grows_and_nothing_else() {
    let (before, after) = (Log::of(5), Log::of(300));
    let (_, log) = key();
    let ask = |old: u64, tree: &Log, proof| AddCheckpoint {
        old_size: old,
        proof,
        checkpoint: signed(&state(tree)),
    };
    let first = ask(0, &before, Vec::new());
    let read: AddCheckpoint = first.to_string().parse().unwrap();
    assert_eq!(read, first);
    let known = judge(None, &first, &log).unwrap();
    assert_eq!(known, state(&before));

    let proof = after.reader().consistency(5, 300).unwrap();
    let second = ask(5, &after, proof.clone());
    assert_eq!(second.to_string().parse::<AddCheckpoint>().unwrap(), second);
    assert_eq!(judge(Some(&known), &second, &log).unwrap().size, 300);
    let refused =
        |known: Option<&Checkpoint>, request: &AddCheckpoint| judge(known, request, &log).unwrap_err();
    assert_eq!(refused(None, &second), Refusal::StandsAt(0));
    assert_eq!(refused(Some(&state(&after)), &first), Refusal::StandsAt(300));
    assert_eq!(refused(Some(&known), &ask(5, &after, proof[1..].to_vec())), Refusal::Inconsistent);
    assert_eq!(refused(Some(&known), &ask(301, &after, proof.clone())).status(), 400);
    assert_eq!(judge(Some(&known), &ask(5, &before, Vec::new()), &log).unwrap(), known);

    let mut forked = Log::of(4);
    forked.push(b"another".to_vec());
    assert_eq!(refused(Some(&known), &ask(5, &forked, Vec::new())), Refusal::Forked(5));
    for entry in 5..300 {
        forked.push(format!("entry {entry}").into_bytes());
    }
    let honest = forked.reader().consistency(5, 300).unwrap();
    assert_eq!(refused(Some(&known), &ask(5, &forked, honest)), Refusal::Inconsistent);

    let mut unsigned = first.clone();
    unsigned.checkpoint = unsigned.checkpoint.with(log.signature(vec![0; 64]));
    assert_eq!(refused(None, &unsigned), Refusal::NotSigned);
    let elsewhere = VerifierKey::new("log.example.org/two", SignatureKind::Ed25519, *log.public()).unwrap();
    assert_eq!(judge(None, &first, &elsewhere).unwrap_err(), Refusal::UnknownLog);
}

#[test]
fn a_cosignature_stands_for_its_time_and_its_text() {
    let private = SigningKey::from_bytes(&[9; 32]);
    let public = private.verifying_key().to_bytes();
    let witness = VerifierKey::new("witness.example.org", SignatureKind::Cosignature, public).unwrap();
    assert_eq!(witness.to_string().parse::<VerifierKey>().unwrap(), witness);
    let note = signed(&state(&Log::of(5)));
    let cosigned = |at: u64| {
        let signature = private.sign(&cosigned_message(1_790_000_000, note.text())).to_bytes();
        note.clone().with(witness.signature(Cosignature { timestamp: at, signature }.to_bytes()))
    };
    assert_eq!(cosigned(1_790_000_000).is_signed_by(&witness), Ok(true));
    assert!(cosigned(1_790_000_001).is_signed_by(&witness).is_err());
    assert_eq!(cosigned(1_790_000_000).is_signed_by(&key().1), Ok(true));
    // The same key as a log's is another key.
    let as_log = VerifierKey::new("witness.example.org", SignatureKind::Ed25519, public).unwrap();
    assert_eq!(cosigned(1_790_000_000).is_signed_by(&as_log), Ok(false));
    assert!(Cosignature::from_bytes(&[0xff; 72]).is_err() && Cosignature::from_bytes(&[0; 71]).is_err());
}

#[test]
fn a_proof_in_one_text_is_read_and_checked() {
    let log = Log::of(300);
    let proof = LogProof {
        index: 17,
        path: log.reader().inclusion(17, 300).unwrap(),
        checkpoint: signed(&state(&log)),
    };
    let text = proof.to_string();
    assert_eq!(text.parse::<LogProof>().unwrap(), proof);
    assert_eq!(text.replace("\nindex", "\nextra aGVsbG8=\nindex").parse::<LogProof>().unwrap(), proof);
    assert_eq!(proof.verify(b"entry 17", &key().1), Ok(()));
    assert_eq!(proof.verify(b"entry 18", &key().1), Err(LogError::NotProved("inclusion")));
    for (from, to) in [("@v1", "@v2"), ("index 17", "index 017"), ("index 17\n", ""), ("\n\n", "\n")] {
        assert!(text.replace(from, to).parse::<LogProof>().is_err(), "{from:?}");
    }
    let long =
        text.replace("index 17\n", &format!("index 17\n{}", format!("{}\n", proof.path[0]).repeat(60)));
    assert!(long.parse::<LogProof>().is_err());
}

/// A proof with one thing changed: a bit of a hash, a hash too few or too many, or two
/// hashes in each other's place.
fn altered(proof: &[Hash], how: usize, at: usize) -> Option<Vec<Hash>> {
    let mut other = proof.to_vec();
    match how % 4 {
        0 => other.get_mut(at % proof.len().max(1))?.0[at % 32] ^= 1 << (at % 8),
        1 => drop((!other.is_empty()).then(|| other.remove(at % proof.len()))?),
        2 => other.insert(at % (proof.len() + 1), Hash([u8::try_from(at % 256).unwrap(); 32])),
        _ => {
            let (a, b) = (at % proof.len().max(1), (at / 7) % proof.len().max(1));
            (a < other.len() && other[a] != other[b]).then(|| other.swap(a, b))?;
        }
    }
    Some(other)
}

proptest! {
    #[test]
    fn of_any_tree_every_proof_verifies_and_every_altered_one_does_not(
        size in 1_u64..1400, a in any::<u64>(), b in any::<u64>(), how in 0..4_usize, at in 0..100_000_usize,
    ) {
        let log = Log::of(size);
        let (index, old) = (a % size, b % (size + 1));
        let root = log.edge.root();
        let old_root = log.reader().root(old).unwrap();
        let leaf = leaf_hash(&log.entries[usize::try_from(index).unwrap()]);

        let path = log.reader().inclusion(index, size).unwrap();
        let included = |index, size, leaf: &Hash, path: &[Hash], root: &Hash| {
            verify_inclusion(index, size, leaf, path, root).is_ok()
        };
        prop_assert!(included(index, size, &leaf, &path, &root));
        let other = Hash([3; 32]);
        prop_assert!(!included(index, size, &other, &path, &root));
        prop_assert!(!included(index, size, &leaf, &path, &other));
        prop_assert!(size == 1 || !included((index + 1) % size, size, &leaf, &path, &root));
        if let Some(path) = altered(&path, how, at) {
            prop_assert!(!included(index, size, &leaf, &path, &root));
        }

        let proof = log.reader().consistency(old, size).unwrap();
        let grew = |old, size, old_root: &Hash, root: &Hash, proof: &[Hash]| {
            verify_consistency(old, size, old_root, root, proof).is_ok()
        };
        prop_assert!(grew(old, size, &old_root, &root, &proof));
        prop_assert!(!grew(old, size, &other, &root, &proof));
        prop_assert!(old == 0 || !grew(old, size, &old_root, &other, &proof));
        prop_assert!(old == 0 || !grew(old + 1, size, &old_root, &root, &proof));
        if let Some(proof) = altered(&proof, how, at) {
            prop_assert!(!grew(old, size, &old_root, &root, &proof));
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "[\\PC\n\u{2014} +0-9]{0,200}") {
        let _ = (text.parse::<SignedNote>(), text.parse::<Checkpoint>(), text.parse::<VerifierKey>());
        let _ = (text.parse::<LogProof>(), text.parse::<AddCheckpoint>(), Resource::from_path(&text));
        let _ = entries_of(text.as_bytes());
    }
}
