//! The XML of STS answers: the AWS Query protocol.

pub(super) const CONTENT_TYPE: &str = "text/xml";

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// A successful answer of an operation. `result` is XML.
pub(super) fn answer(operation: &str, result: &str, request_id: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    )
}

/// An error. `is_sender` says that the caller is to blame and not the service.
pub(super) fn error(is_sender: bool, code: &str, message: &str, request_id: &str) -> String {
    let error_type = if is_sender { "Sender" } else { "Receiver" };
    let (code, message) = (escape(code), escape(message));
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{error_type}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
}

/// An element for each name and text.
pub(super) fn elements(elements: &[(&str, &str)]) -> String {
    let element = |(name, text): &(&str, &str)| ["<", name, ">", &escape(text), "</", name, ">"].concat();
    elements.iter().map(element).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(elements(&[("A", "<b c=\"&\">")]), "<A>&lt;b c=&quot;&amp;&quot;&gt;</A>");
    }
}
