//! The attributes that a projection names.

use super::Placeholders;

impl<V> Placeholders<V> {
    /// Adds attributes to a projection (`ProjectionExpression`), unless it names them already. `given`: placeholders and
    /// attribute names of the caller. Returns the projection and the names that were added.
    pub fn also_project(
        &mut self,
        projection: &str,
        attributes: &[String],
        given: &[(String, String)],
    ) -> (String, Vec<String>) {
        let named: Vec<&str> = projection
            .split(',')
            .map(|path| {
                let path = path.trim();
                let root = path.split(['.', '[']).next().unwrap_or(path).trim();
                given.iter().find(|(placeholder, _)| placeholder == root).map_or(root, |(_, name)| name)
            })
            .collect();
        let added: Vec<String> =
            attributes.iter().filter(|attribute| !named.contains(&attribute.as_str())).cloned().collect();
        let mut extended = projection.to_owned();
        for attribute in &added {
            extended.push_str(", ");
            extended.push_str(&self.name(attribute));
        }
        (extended, added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_what_the_projection_lacks() {
        let given = vec![("#i".to_owned(), "id".to_owned())];
        let attributes = ["id".to_owned(), "at".to_owned()];
        for (projection, extended, added) in [
            ("n", "n, #id, #at", &["id", "at"][..]),
            ("#i, n", "#i, n, #at", &["at"]),
            (" at , id", " at , id", &[]),
            ("at.x[1], n[0].id", "at.x[1], n[0].id, #id", &["id"]),
        ] {
            let mut placeholders = Placeholders::<()>::new(given.clone(), Vec::new()).unwrap();
            let (text, names) = placeholders.also_project(projection, &attributes, &given);
            assert_eq!((text.as_str(), names), (extended, added.iter().map(|name| (*name).to_owned()).collect()));
        }
    }
}
