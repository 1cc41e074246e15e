use super::*;
use crate::support::{collect, find};
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    let mut files = Vec::new();
    collect(from, &mut files);
    for file in files {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, &target).unwrap();
    }
}

/// Removes the later generations of the objects of `old`: `<first>-<last>-<generation>-<bytes>`.
fn without_what_replaced(old: &Path, now: &Path) {
    let range = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.splitn(3, '-').take(2).collect::<Vec<_>>().join("-")
    };
    let (mut before, mut files) = (Vec::new(), Vec::new());
    collect(old, &mut before);
    collect(now, &mut files);
    let kept: Vec<_> = before
        .iter()
        .map(|p| now.join(p.strip_prefix(old).unwrap()))
        .collect();
    for file in files {
        let replaced = kept.iter().any(|path| range(path) == range(&file));
        if replaced && !kept.contains(&file) {
            std::fs::remove_file(file).unwrap();
        }
    }
}

/// Anna is erased, and then somebody brings back files of before.
async fn erased_and_then_restored(parts: &[&str]) {
    let (app, key) = start(&[]).await;
    for n in 0..20u128 {
        let mut events: Vec<_> = (0..20).map(|i| other(n * 20 + i)).collect();
        events.insert(3, of_anna(n));
        send(&app, &events).await;
    }
    app.wait_for_events(&key, "shop", 420).await;
    // What is sealed by now is in the archive soon.
    let app = app.restart().await;
    let data = app.app.config.data_dir.clone();
    let archived = || {
        let mut files = Vec::new();
        collect(&data.join("blobs"), &mut files);
        files.len()
    };
    let begun = Instant::now();
    while archived() == 0 {
        assert!(begun.elapsed() < PATIENCE, "nothing is archived");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let backup = tempfile::tempdir().unwrap();
    for part in parts {
        copy(&data.join(part), &backup.path().join(part));
    }
    let needles = needles(&app);
    app.wait_for_reports(&key).await;
    let erasure = request(&app, &key, json!({ "userId": ANNA })).await;
    done(&app, &key, &erasure).await;

    let kept = app.shut_down_keeping_files().await;
    assert!(find(&data, &needles).await.is_empty());
    for part in parts {
        copy(&backup.path().join(part), &data.join(part));
        without_what_replaced(&backup.path().join(part), &data.join(part));
    }
    assert!(!find(&data, &needles).await.is_empty(), "she is back");
    let app = kept.open().await;
    app.wait_for_reports(&key).await;
    app.app.rebuild().await.unwrap();
    let events = app.wait_for_events(&key, "shop", 400).await;
    assert_eq!(events.len(), 400, "a rebuild obeys the erasure");
    done(&app, &key, &erasure).await;
    let begun = Instant::now();
    loop {
        let list = app.get(PATH).key(&key).send().await.json();
        let all = list["erasures"].as_array().unwrap();
        // The rebuild asks for it again a moment later: until then everything looks done.
        let is_done = all.iter().all(|one| one["status"] == "done");
        if is_done && find(&data, &needles).await.is_empty() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{list}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let kept = app.shut_down_keeping_files().await;
    let found = find(&data, &needles).await;
    assert!(found.is_empty(), "{found:#?}");
    drop(kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_with_an_old_archive_goes_again_with_the_rebuild() {
    erased_and_then_restored(&["blobs"]).await;
}
