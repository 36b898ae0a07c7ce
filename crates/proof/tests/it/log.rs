//! The log beside ports of the Go implementation that its formats come from.

use std::collections::HashMap;

use ed25519_dalek::{Signer as _, SigningKey};
use proof::log::{
    Checkpoint, Edge, Hash, LogError, SignatureKind, SignedNote, Tile, TileReader, VerifierKey, leaf_hash,
    verify_consistency, verify_inclusion,
};
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{TileHashReader, check_record, check_tree, prove_record, prove_tree, record_hash};

/// Every tile that a growing log ever had, as bytes by path.
fn tiles(size: u64) -> (Edge, HashMap<String, Vec<u8>>) {
    let mut tiles = HashMap::new();
    let mut edge = Edge::default();
    let bytes = |hashes: &[Hash]| hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>();
    for entry in 0..size {
        edge.push(leaf_hash(&entry.to_be_bytes()), &mut |tile, hashes| {
            tiles.insert(tile.to_string(), bytes(hashes));
        });
        tiles.extend(edge.partial().map(|(tile, hashes)| (tile.to_string(), bytes(hashes))));
    }
    (edge, tiles)
}

/// The peer reads our tiles by the paths that it gives them itself.
struct Served<'a>(&'a HashMap<String, Vec<u8>>);

impl tlog_tiles::TileReader for Served<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, wanted: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        Ok(wanted.iter().map(|tile| self.0[&tile.path().replace("tile/8/", "tile/")].clone()).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn theirs(hash: Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(hash.0)
}

fn ours(proof: Vec<tlog_tiles::Hash>) -> Vec<Hash> {
    proof.into_iter().map(|hash| Hash(hash.0)).collect()
}

#[test]
fn both_make_and_take_the_same_proofs_of_the_same_tiles() {
    let (edge, tiles) = tiles(66_000);
    let read = |tile: Tile| tile.read(&tiles[&tile.to_string()]);
    for size in [1, 2, 255, 256, 257, 600, 65_535, 65_536, 65_537, 66_000] {
        let mut reader = TileReader::new(size, read);
        let root = reader.root::<LogError>(size).unwrap();
        let served = Served(&tiles);
        // It believes no tile that does not lead to the root.
        let peer = TileHashReader::new(size, theirs(root), &served);
        for index in [0, 1, size / 3, size / 2, size - 1].into_iter().filter(|index| *index < size) {
            let leaf = leaf_hash(&index.to_be_bytes());
            assert_eq!(theirs(leaf), record_hash(&index.to_be_bytes()));
            let path = reader.inclusion::<LogError>(index, size).unwrap();
            assert_eq!(path, ours(prove_record(size, index, &peer).unwrap()), "{index} of {size}");
            let path = path.into_iter().map(theirs).collect();
            check_record(&path, size, theirs(root), index, theirs(leaf)).unwrap();
            verify_inclusion(index, size, &leaf, &ours(path), &root).unwrap();
        }
        for old in [1, 2, 128, 255, 256, 300, 65_536, size / 2, size]
            .into_iter()
            .filter(|old| (1..=size).contains(old))
        {
            let old_root = reader.root::<LogError>(old).unwrap();
            let proof = reader.consistency::<LogError>(old, size).unwrap();
            assert_eq!(proof, ours(prove_tree(size, old, &peer).unwrap()), "{old} of {size}");
            let proof = proof.into_iter().map(theirs).collect();
            check_tree(&proof, size, theirs(root), old, theirs(old_root)).unwrap();
            verify_consistency(old, size, &old_root, &root, &ours(proof)).unwrap();
        }
    }
    assert_eq!(edge.size(), 66_000);
}

#[test]
fn the_peer_takes_our_signed_checkpoint_and_we_take_its_key() {
    let private = SigningKey::from_bytes(&[5; 32]);
    let public = private.verifying_key().to_bytes();
    let key = VerifierKey::new("badges.example.org/log", SignatureKind::Ed25519, public).unwrap();
    let checkpoint = Checkpoint { origin: key.name().to_owned(), size: 12, root: leaf_hash(b"root") };
    let text = checkpoint.to_string();
    let signature = key.signature(private.sign(text.as_bytes()).to_bytes().to_vec());
    let note = SignedNote::new(text, vec![signature]).unwrap();

    let verifier = StandardVerifier::new(&key.to_string()).unwrap();
    let known = VerifierList::new(vec![Box::new(verifier)]);
    let read = Note::from_bytes(note.to_string().as_bytes()).unwrap();
    assert_eq!(read.verify(&known).unwrap().0.len(), 1);
    let read = tlog_tiles::Checkpoint::from_bytes(read.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), (key.name(), 12, checkpoint.root.0));

    let spoiled = note.to_string().replace("\n12\n", "\n13\n");
    assert!(Note::from_bytes(spoiled.as_bytes()).unwrap().verify(&known).is_err());
    assert!(spoiled.parse::<SignedNote>().unwrap().is_signed_by(&key).is_err());
}
