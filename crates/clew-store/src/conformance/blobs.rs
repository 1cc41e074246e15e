//! What a place for objects must do, and every backend run against it.

use crate::blobs::{BlobError, BlobKey, Blobs, LocalBlobs};
use bytes::Bytes;

fn key(text: &str) -> BlobKey {
    BlobKey::new(text).unwrap()
}

async fn keys_below(blobs: &dyn Blobs, folder: &str) -> Vec<(String, u64)> {
    let found = blobs.list(&key(folder)).await.unwrap();
    found
        .into_iter()
        .map(|info| (info.key.to_string(), info.bytes))
        .collect()
}

pub(crate) async fn suite(blobs: &dyn Blobs) {
    let (a, b) = (key("x/a"), key("x/deep/b"));
    assert!(matches!(blobs.get(&a).await, Err(BlobError::NotFound(missing)) if missing == a));
    assert_eq!(keys_below(blobs, "x").await, []);

    blobs.put(&b, Bytes::from_static(b"bb")).await.unwrap();
    blobs.put(&a, Bytes::from_static(b"a")).await.unwrap();
    blobs.put(&key("xy/c"), Bytes::new()).await.unwrap();
    assert_eq!(blobs.get(&a).await.unwrap(), "a");
    assert_eq!(
        keys_below(blobs, "x").await,
        [("x/a".into(), 1), ("x/deep/b".into(), 2)]
    );
    assert_eq!(blobs.get(&key("xy/c")).await.unwrap(), "");

    blobs.put(&a, Bytes::from_static(b"longer")).await.unwrap();
    assert_eq!(blobs.get(&a).await.unwrap(), "longer");

    blobs.delete(&a).await.unwrap();
    blobs.delete(&a).await.unwrap();
    assert!(matches!(blobs.get(&a).await, Err(BlobError::NotFound(_))));
    assert_eq!(keys_below(blobs, "x").await, [("x/deep/b".into(), 2)]);

    let large = Bytes::from(vec![7; 9 << 20]);
    blobs.put(&a, large.clone()).await.unwrap();
    assert_eq!(blobs.get(&a).await.unwrap(), large);
}

#[tokio::test]
async fn a_local_folder_keeps_blobs() {
    let dir = tempfile::tempdir().unwrap();
    suite(&LocalBlobs::open(&dir.path().join("new/blobs")).unwrap()).await;
}

#[tokio::test]
async fn blobs_of_an_earlier_start_are_found_and_unfinished_ones_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let first = LocalBlobs::open(dir.path()).unwrap();
    first
        .put(&key("x/a"), Bytes::from_static(b"a"))
        .await
        .unwrap();
    drop(first);
    std::fs::write(dir.path().join("x/b#1"), b"half").unwrap();
    let second = LocalBlobs::open(dir.path()).unwrap();
    assert_eq!(keys_below(&second, "x").await, [("x/a".into(), 1)]);
    assert_eq!(second.remove_unfinished().unwrap(), 1);
    assert!(!dir.path().join("x/b#1").exists());
    assert_eq!(second.get(&key("x/a")).await.unwrap(), "a");
}
