//! Adds up reports of consumed capacity.

use crate::json::Json;

/// Adds up two reports, member by member.
fn sum_of(sum: Json, more: Json) -> Json {
    match (sum, more) {
        (Json::Number(one), Json::Number(other)) => {
            match (one.parse::<f64>(), other.parse::<f64>()) {
                // Capacities are multiples of half a unit, which floats add exactly.
                (Ok(a), Ok(b)) => Json::Number((a + b).to_string()),
                _ => Json::Number(other),
            }
        }
        (Json::Object(mut members), Json::Object(more)) => {
            for (name, value) in more {
                match members.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = sum_of(std::mem::replace(known, Json::Null), value),
                    None => members.push((name, value)),
                }
            }
            Json::Object(members)
        }
        (_, more) => more,
    }
}

/// Adds a report to a sum. Either may be missing.
pub(super) fn add(sum: &mut Option<Json>, more: Option<Json>) {
    *sum = match (sum.take(), more) {
        (Some(sum), Some(more)) => Some(sum_of(sum, more)),
        (sum, more) => sum.or(more),
    };
}

/// The capacity units of a report.
pub(super) fn units_of(capacity: &Json) -> Option<f64> {
    match member(capacity, "CapacityUnits")? {
        Json::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The reports of several calls, one for each table.
#[derive(Debug, Default)]
pub struct Capacities(Vec<Json>);

impl Capacities {
    /// Adds the reports of other calls.
    pub fn merge(&mut self, more: Self) {
        self.add(Json::Array(more.0));
    }

    /// Adds a call's report, or its list of reports.
    pub fn add(&mut self, reports: Json) {
        let reports = match reports {
            Json::Array(reports) => reports,
            report => vec![report],
        };
        for report in reports {
            let table = |report: &Json| member(report, "TableName").cloned();
            match self.0.iter_mut().find(|known| table(known) == table(&report)) {
                Some(known) => {
                    let Json::Object(members) = report else { continue };
                    let counts = members.into_iter().filter(|(name, _)| name != "TableName").collect();
                    *known = sum_of(std::mem::replace(known, Json::Null), Json::Object(counts));
                }
                None => self.0.push(report),
            }
        }
    }

    /// The total of all tables. `None` if DynamoDB reported nothing.
    #[must_use]
    pub fn units(&self) -> Option<f64> {
        self.0.iter().filter_map(units_of).reduce(|sum, units| sum + units)
    }

    /// The JSON text of the list. `None` if DynamoDB reported nothing.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| Json::Array(self.0.clone()).to_string())
    }
}

fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, value)| value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_by_table() {
        let mut capacities = Capacities::default();
        for text in [
            r#"[{"TableName":"A","CapacityUnits":1.5,"Table":{"CapacityUnits":1.0}}]"#,
            r#"[{"TableName":"B","CapacityUnits":2.0},{"TableName":"A","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}}]"#,
        ] {
            capacities.add(Json::parse(text).unwrap());
        }
        assert_eq!(
            capacities.to_text().unwrap(),
            r#"[{"TableName":"A","CapacityUnits":2,"Table":{"CapacityUnits":1.5}},{"TableName":"B","CapacityUnits":2.0}]"#
        );
        assert_eq!(capacities.units(), Some(4.0));
    }
}
