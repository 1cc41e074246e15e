//! A purchase: revenue, once per order.

use crate::wire::members::{Members, Names, Wrong};
use crate::wire::{IdKind, WireEvent};

const ORDER: &[&str] = &["order_id", "orderId", "transaction_id"];
const VALUE: &[&str] = &["value", "total", "revenue"];
const CURRENCY: &[&str] = &["currency"];
const NAMES: Names = Names::only(&[ORDER, VALUE, CURRENCY]);

/// In small letters, as every spelling of it is stored.
pub(super) const TYPE: &str = "purchase";

/// Takes amount and currency out of the data. The order names the event, whatever else does: a
/// confirmation page that is loaded again sends a new id, and is no second sale.
pub(super) fn read(members: &Members<'_>, event: &mut WireEvent) -> Result<(), Wrong> {
    let data = members.object("eventData", NAMES)?;
    event.value = data.amount("value")?;
    event.currency = data.text("currency")?;
    for name in VALUE.iter().chain(CURRENCY) {
        event.props.remove(*name);
        event.numbers.remove(*name);
    }
    if let Some(order) = data.id("order_id")? {
        event.id = Some(order);
        event.id_kind = IdKind::Order;
    }
    Ok(())
}
