use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

const SITE_A: SiteId = SiteId::from_u128(1);
const SITE_B: SiteId = SiteId::from_u128(2);
const DAY: EpochMs = EpochMs(1_760_054_400_000);

fn at(wall: EpochMs) -> Moment {
    Moment {
        wall,
        steady: Duration::ZERO,
    }
}

fn open(dir: &Path, now: EpochMs) -> Salts {
    Salts::open(dir, MasterKey::from_bytes([1; 32]), at(now)).unwrap()
}

fn salt(salts: &Salts, site: SiteId, day: EpochMs) -> [u8; 32] {
    salts.get_or_create(site, day, at(day)).unwrap()
}

fn path(dir: &Path, day: EpochMs) -> PathBuf {
    dir.join(format!("{}.salts", day.0))
}

#[test]
fn a_salt_is_the_same_all_day_across_restarts_and_differs_by_site_and_day() {
    let dir = tempfile::tempdir().unwrap();
    let salts = open(dir.path(), DAY);
    let first = salt(&salts, SITE_A, DAY);
    assert_eq!(salt(&salts, SITE_A, DAY), first);
    assert_ne!(salt(&salts, SITE_B, DAY), first);
    assert_ne!(salt(&salts, SITE_A, DAY.plus(EpochMs::DAY)), first);
    drop(salts);
    let salts = open(dir.path(), DAY.plus(EpochMs::HOUR));
    assert_eq!(salts.get(SITE_A, DAY), Some(first));
}

#[test]
fn nothing_of_a_salt_is_left_after_48_hours() {
    let dir = tempfile::tempdir().unwrap();
    let salts = open(dir.path(), DAY);
    salt(&salts, SITE_A, DAY);
    // Another name for the same bytes: overwritten, not only unlinked.
    let witness = dir.path().join("witness");
    std::fs::hard_link(path(dir.path(), DAY), &witness).unwrap();
    let end = DAY.plus(LIFE);
    assert_eq!(salts.destroy_expired(at(end.plus(-1))).unwrap(), 0);
    assert!(salts.get(SITE_A, DAY).is_some());
    assert_eq!(salts.destroy_expired(at(end)).unwrap(), 1);
    assert_eq!(salts.get(SITE_A, DAY), None);
    assert!(!path(dir.path(), DAY).exists());
    assert_eq!(std::fs::read(witness).unwrap(), [0; RECORD]);
    let noted = salts.destroyed();
    assert_eq!((noted.days, noted.last_at), (1, Some(end)));
}

#[test]
fn salts_that_expired_while_the_server_was_down_are_destroyed_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    salt(&open(dir.path(), DAY), SITE_A, DAY);
    let salts = open(dir.path(), DAY.plus(LIFE));
    assert!(!path(dir.path(), DAY).exists());
    assert_eq!(salts.destroyed().days, 1);
}

#[test]
fn the_file_holds_no_salt_in_the_clear_and_needs_its_own_key() {
    let dir = tempfile::tempdir().unwrap();
    let salts = open(dir.path(), DAY);
    let salt = salt(&salts, SITE_A, DAY);
    let file = std::fs::read(path(dir.path(), DAY)).unwrap();
    assert_eq!(file.len(), RECORD);
    assert!(!file.windows(32).any(|window| window == salt));
    let other = Salts::open(dir.path(), MasterKey::from_bytes([2; 32]), at(DAY));
    assert!(matches!(other, Err(SaltError::WrongKey { .. })));
}

#[test]
fn a_torn_record_is_cut_off_and_costs_no_other_salt() {
    let dir = tempfile::tempdir().unwrap();
    let first = salt(&open(dir.path(), DAY), SITE_A, DAY);
    let mut torn = std::fs::read(path(dir.path(), DAY)).unwrap();
    torn.extend_from_slice(&[9; 30]);
    std::fs::write(path(dir.path(), DAY), torn).unwrap();
    let other = salt(&open(dir.path(), DAY), SITE_B, DAY);
    let salts = open(dir.path(), DAY);
    assert_eq!(salts.get(SITE_A, DAY), Some(first));
    assert_eq!(salts.get(SITE_B, DAY), Some(other));
}

#[test]
fn a_destruction_that_was_cut_short_is_finished_and_noted_once() {
    for noted in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let salts = open(dir.path(), DAY);
        salt(&salts, SITE_A, DAY);
        if noted {
            salts.destroy_expired(at(DAY.plus(LIFE))).unwrap();
        }
        drop(salts);
        std::fs::write(path(dir.path(), DAY), [0; RECORD]).unwrap();
        // The clock was set back meanwhile: by its time the day still lives.
        let salts = open(dir.path(), DAY.plus(EpochMs::HOUR));
        assert!(!path(dir.path(), DAY).exists());
        assert_eq!(salts.destroyed().days, 1);
        assert_eq!(salts.get(SITE_A, DAY), None);
    }
}

#[test]
fn a_clock_that_stands_still_or_runs_ahead_keeps_no_salt() {
    let dir = tempfile::tempdir().unwrap();
    let salts = open(dir.path(), DAY);
    let old = salt(&salts, SITE_A, DAY);
    let frozen = Moment {
        wall: DAY.plus(5),
        steady: STEADY_LIFE,
    };
    assert_eq!(salts.destroy_expired(frozen).unwrap(), 1);
    let fresh = salts.get_or_create(SITE_A, DAY, frozen).unwrap();
    assert_ne!(old, fresh);
    assert_eq!(salts.destroyed().days, 1);
    let ahead = DAY.plus(3_650 * EpochMs::DAY);
    salts.get_or_create(SITE_B, ahead, frozen).unwrap();
    assert_eq!(salts.destroy_expired(frozen).unwrap(), 1);
    assert_eq!(salts.get(SITE_B, ahead), None);
    assert_eq!(salts.get(SITE_A, DAY), Some(fresh));
}

#[test]
fn backups_are_told_to_leave_the_folder_out() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path(), DAY);
    let tag = std::fs::read_to_string(dir.path().join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
}

/// What can happen to a server and its clock.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes: the wall clock and the steady one.
    Pass(i64),
    /// The wall clock is set.
    Set(i64),
    Event(bool),
    Sweep,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    const H: i64 = EpochMs::HOUR;
    const Y: i64 = 365 * EpochMs::DAY;
    let pass = [1_000, H, 7 * H, 25 * H, 49 * H];
    let set = [1_000, -1_000, H, -H, 26 * H, -26 * H, 10 * Y, -10 * Y];
    prop_oneof![
        3 => prop::sample::select(pass.to_vec()).prop_map(Step::Pass),
        2 => prop::sample::select(set.to_vec()).prop_map(Step::Set),
        4 => any::<bool>().prop_map(Step::Event),
        3 => Just(Step::Sweep),
        1 => Just(Step::Restart),
    ]
}

struct World {
    dir: tempfile::TempDir,
    salts: Salts,
    wall: i64,
    real: i64,
    /// Salt → when it was made, in real time.
    made: HashMap<[u8; 32], i64>,
    /// What is known to be gone.
    gone: HashSet<[u8; 32]>,
    last: HashMap<(SiteId, EpochMs), [u8; 32]>,
    /// When this process began, in real time.
    begun: i64,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            salts: open(dir.path(), DAY),
            dir,
            wall: DAY.0,
            real: 0,
            made: HashMap::new(),
            gone: HashSet::new(),
            last: HashMap::new(),
            begun: 0,
        }
    }

    fn now(&self) -> Moment {
        Moment {
            wall: EpochMs(self.wall),
            steady: Duration::from_millis((self.real - self.begun).unsigned_abs()),
        }
    }

    fn event(&mut self, site: SiteId) {
        let day = EpochMs(self.wall - self.wall.rem_euclid(EpochMs::DAY));
        let salt = self.salts.get_or_create(site, day, self.now()).unwrap();
        assert!(!self.gone.contains(&salt), "a destroyed salt came back");
        let before = self.last.insert((site, day), salt);
        match before.filter(|old| !self.gone.contains(old)) {
            Some(old) => assert_eq!(old, salt, "a living salt was replaced"),
            None => drop(self.made.insert(salt, self.real)),
        }
    }

    /// After a sweep or a start: what may be there, and what must be.
    fn check(&mut self) {
        let known = self.salts.known.load();
        for ((site, day), salt) in &self.last {
            let age = self.wall - day.0;
            // A day's salts lie in one file and go together.
            let same_day = self.last.iter().filter(|((_, of), _)| of == day);
            let held = same_day.map(|(_, salt)| self.real - self.made[salt].max(self.begun));
            let held = held.max().unwrap_or(0);
            let here = known
                .get(&(*site, *day))
                .is_some_and(|known| ***known == *salt);
            if self.gone.contains(salt) {
                assert!(!here);
            } else if !here {
                let over = !(-AHEAD..LIFE).contains(&age);
                assert!(over || held >= LIFE, "a living salt was destroyed");
                self.gone.insert(*salt);
            } else {
                assert!((-AHEAD..LIFE).contains(&age), "an expired salt lives");
                let held = self.real - self.made[salt].max(self.begun);
                assert!(held < LIFE, "a salt lives longer than 48 hours");
            }
        }
        let days: HashSet<_> = known.keys().map(|(_, day)| *day).collect();
        let files: HashSet<_> = self.salts.folder.days().unwrap().into_iter().collect();
        assert_eq!(days, files, "disk and memory agree");
        assert!(self.salts.destroyed().chain_ok);
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Pass(ms) => {
                self.wall += ms;
                self.real += ms;
            }
            Step::Set(ms) => self.wall += ms,
            Step::Event(b) => self.event(if b { SITE_B } else { SITE_A }),
            Step::Sweep => {
                self.salts.destroy_expired(self.now()).unwrap();
                self.check();
            }
            Step::Restart => {
                self.begun = self.real;
                let key = MasterKey::from_bytes([1; 32]);
                self.salts = Salts::open(self.dir.path(), key, self.now()).unwrap();
                self.check();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_clock_brings_a_salt_back_or_keeps_it_alive(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        for step in steps {
            world.run(step);
        }
        world.run(Step::Sweep);
    }
}
