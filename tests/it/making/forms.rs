//! What a browser reads out of a page and sends: its forms and what leads elsewhere.

/// A form of a page, with what it would send as it stands.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// `hidden`, `text`, `date`, `select` and so on.
    pub(super) kind: String,
    pub(super) value: String,
    /// What may be chosen.
    pub(super) options: Vec<String>,
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&#34;", "\"");
    let text = text.replace("&#39;", "'").replace("&#x27;", "'");
    let text = text.replace("&lt;", "<").replace("&#60;", "<");
    let text = text.replace("&gt;", ">").replace("&#62;", ">");
    text.replace("&#38;", "&").replace("&amp;", "&")
}

/// The attribute of a tag.
fn said(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

/// The forms that change something, in their order.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let each = html.split("<form").skip(1).filter_map(|form| {
        let (tag, rest) = form.split_once('>')?;
        let tag = format!(" {tag}");
        let is_sent = said(&tag, "method").as_deref() == Some("post");
        let action = said(&tag, "action").filter(|action| is_sent && action.contains("/run/"))?;
        let inside = rest.split("</form>").next()?;
        Some(Form {
            fields: fields(inside),
            action,
        })
    });
    each.collect()
}

fn fields(inside: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (at, _) in inside.match_indices('<') {
        let Some((tag, rest)) = inside[at + 1..].split_once('>') else {
            continue;
        };
        let Some(name) = said(tag, "name") else {
            continue;
        };
        let mut field = Field {
            kind: said(tag, "type").unwrap_or_default(),
            value: said(tag, "value").unwrap_or_default(),
            options: Vec::new(),
            name,
        };
        if tag.starts_with("textarea") {
            "textarea".clone_into(&mut field.kind);
            let value = rest.split("</textarea>").next().unwrap_or_default();
            field.value = unescaped(value.strip_prefix('\n').unwrap_or(value));
        } else if tag.starts_with("select") {
            "select".clone_into(&mut field.kind);
            choose(
                &mut field,
                rest.split("</select>").next().unwrap_or_default(),
            );
        } else if tag.starts_with("button") {
            "button".clone_into(&mut field.kind);
        } else if !tag.starts_with("input") {
            continue;
        }
        let is_choice = ["radio", "checkbox", "button"].contains(&field.kind.as_str());
        if is_choice && !tag.contains(" checked") {
            let known = fields.iter_mut().find(|known| known.name == field.name);
            if let Some(known) = known {
                known.options.push(field.value);
            } else {
                field.options = vec![std::mem::take(&mut field.value)];
                fields.push(field);
            }
            continue;
        }
        fields.retain(|known| known.name != field.name || !is_choice);
        fields.push(field);
    }
    fields
}

fn choose(field: &mut Field, options: &str) {
    for option in options.split("<option").skip(1) {
        let Some((tag, text)) = option.split_once('>') else {
            continue;
        };
        let text = unescaped(text.split('<').next().unwrap_or_default());
        let value = said(&format!(" {tag}"), "value").unwrap_or(text);
        if tag.contains(" selected") {
            field.value.clone_from(&value);
        }
        field.options.push(value);
    }
}

/// The form as it is sent, the values taken from `value`.
pub(super) fn sent(form: &Form, value: impl Fn(&Field) -> String) -> String {
    let fields = form.fields.iter();
    let pairs = fields.map(|field| (field.name.clone(), value(field)));
    let pairs: Vec<(String, String)> = pairs.filter(|(_, value)| !value.is_empty()).collect();
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The addresses a page leads to that begin so.
pub(super) fn links(html: &str, begin: &str) -> Vec<String> {
    let each = html.split(" href=\"").skip(1);
    let each = each.filter_map(|rest| rest.split('"').next().map(unescaped));
    let mut links: Vec<String> = each.filter(|link| link.starts_with(begin)).collect();
    links.sort();
    links.dedup();
    links
}
