use super::*;

#[test]
fn whole_credits_are_written_without_a_point() {
    let text = |amount: &str| credits(amount.parse().unwrap()).to_string();
    assert_eq!([text("3.00"), text("6.5"), text("0"), text("10000")], ["3", "6.5", "0", "10000"]);
}
