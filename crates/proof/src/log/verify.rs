use super::{Hash, LogError, node_hash};

/// Whether `leaf` is the hash of the entry `index` in a tree of `size` entries
/// with that root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), LogError> {
    if index >= size {
        return Err(LogError::Outside(index, size));
    }
    let failed = LogError::NotProved("inclusion");
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(failed);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(failed) }
}

/// Whether the tree of `new` entries begins with the whole tree of `old` entries
/// (RFC 9162, 2.1.4.2). Every tree begins with the tree without entries.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), LogError> {
    let failed = LogError::NotProved("consistency");
    if old > new {
        return Err(LogError::Outside(old, new));
    }
    if old == 0 || old == new {
        let expected = if old == 0 { Hash::of_nothing() } else { *new_root };
        let holds = proof.is_empty() && *old_root == expected;
        return if holds { Ok(()) } else { Err(failed) };
    }
    let mut proof = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { proof.next() };
    let first = *first.ok_or_else(|| failed.clone())?;
    let (mut at, mut last) = (old - 1, new - 1);
    while at % 2 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut of_old, mut of_new) = (first, first);
    for sibling in proof {
        if last == 0 {
            return Err(failed);
        }
        if at % 2 == 1 || at == last {
            of_old = node_hash(sibling, &of_old);
            of_new = node_hash(sibling, &of_new);
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            of_new = node_hash(&of_new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last == 0 && of_old == *old_root && of_new == *new_root { Ok(()) } else { Err(failed) }
}
