//! The pages of the demo shop, as its own files have them, and the ways between them.

use super::random::Random;

pub(super) struct Page {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    /// What it sells: its id and its price in cents.
    pub(super) product: Option<(&'static str, u32)>,
    /// How many read it, compared with its neighbours.
    weight: f64,
}

pub(super) const HOME: usize = 0;
pub(super) const PRODUCTS: usize = 1;
pub(super) const CONTACT: usize = 2;
pub(super) const CART: usize = 3;
pub(super) const RED_THREAD: usize = 4;
pub(super) const LANTERN: usize = 5;
pub(super) const COMPASS: usize = 6;

const FIRST_PRODUCT: usize = RED_THREAD;

const fn page(path: &'static str, title: &'static str) -> Page {
    Page {
        path,
        title,
        product: None,
        weight: 0.0,
    }
}

const fn selling(
    path: &'static str,
    title: &'static str,
    product: (&'static str, u32),
    weight: f64,
) -> Page {
    Page {
        path,
        title,
        product: Some(product),
        weight,
    }
}

#[rustfmt::skip]
pub(super) const PAGES: &[Page] = &[
    page("/demo/", "Home · Ariadne Supply"),
    page("/demo/products", "Products · Ariadne Supply"),
    page("/demo/contact", "Contact · Ariadne Supply"),
    page("/demo/cart", "Cart · Ariadne Supply"),
    selling("/demo/products/red-thread", "Red thread, 300 m · Ariadne Supply", ("red-thread", 950), 3.0),
    selling("/demo/products/lantern", "Storm lantern · Ariadne Supply", ("lantern", 3_400), 2.6),
    selling("/demo/products/compass", "Pocket compass · Ariadne Supply", ("compass", 2_790), 1.9),
    selling("/demo/products/chalk", "Wall chalk, 12 sticks · Ariadne Supply", ("chalk", 420), 1.4),
    selling("/demo/products/map-case", "Map case · Ariadne Supply", ("map-case", 1_800), 1.1),
    selling("/demo/products/bread", "Travel bread · Ariadne Supply", ("bread", 680), 0.9),
];

/// Some product's page.
pub(super) fn product(random: &mut Random) -> usize {
    let indices: [usize; 6] = std::array::from_fn(|n| FIRST_PRODUCT + n);
    *random.weighted(&indices, |index| PAGES[*index].weight)
}

/// Where people go from here; `filled`: something lies in their cart.
pub(super) fn next(random: &mut Random, from: usize, filled: bool) -> usize {
    let to_cart = if filled { 3.0 } else { 0.3 };
    let (home, products, contact, cart, product_page) = match from {
        HOME => (0.0, 5.5, 0.9, to_cart, 3.4),
        PRODUCTS => (0.7, 0.0, 0.5, to_cart, 8.0),
        CONTACT => (3.0, 3.0, 0.0, to_cart, 1.0),
        CART => (1.4, 4.0, 0.8, 0.0, 1.8),
        _ => (0.8, 4.0, 0.4, to_cart, 3.0),
    };
    let ways = [
        (HOME, home),
        (PRODUCTS, products),
        (CONTACT, contact),
        (CART, cart),
        (FIRST_PRODUCT, product_page),
    ];
    match random.weighted(&ways, |way| way.1).0 {
        FIRST_PRODUCT => loop {
            let page = product(random);
            if page != from {
                return page;
            }
        },
        page => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::random::Purpose;

    /// The demo shop's own files.
    fn shop(path: &str) -> String {
        let name = path.trim_start_matches("/demo/");
        let name = if name.is_empty() { "index" } else { name };
        // Asked at run time: checkouts may share what they compile.
        let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
        std::fs::read_to_string(format!("{here}/../../demo/{name}.html")).unwrap()
    }

    #[test]
    fn the_pages_are_those_of_the_shop() {
        for page in PAGES {
            let html = shop(page.path);
            let title = format!("<title>{}</title>", page.title);
            assert!(html.contains(&title), "{}", page.path);
            if let Some((id, cents)) = page.product {
                let price = format!("€\u{a0}{}.{:02}", cents / 100, cents % 100);
                assert!(html.contains(&price), "{}", page.path);
                assert!(
                    html.contains(&format!("data-add=\"{id}\"")),
                    "{}",
                    page.path
                );
            }
        }
    }

    #[test]
    fn every_page_leads_to_another_one() {
        let mut random = Random::of(1, Purpose::Visits, 1);
        for from in 0..PAGES.len() {
            for _ in 0..200 {
                let to = next(&mut random, from, true);
                assert!(to != from && to < PAGES.len());
            }
        }
    }
}
