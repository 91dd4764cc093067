//! The steps of a workflow that use our action: as much YAML as recipes are written in.

const ACTION: &str = "uses: deployment-status/deployment-status@v1";

#[derive(Debug, Default)]
pub(super) struct Step {
    /// Its `id`, or nothing.
    pub(super) id: String,
    pub(super) with: Vec<(String, String)>,
}

/// Every step of the block that uses our action, in order.
pub(super) fn all(yaml: &str) -> Vec<Step> {
    let lines: Vec<&str> = yaml.lines().collect();
    let uses = lines.iter().enumerate().filter(|(_, line)| line.contains(ACTION));
    uses.map(|(at, line)| {
        // The step's keys are indented as its first is, behind the dash.
        let indent = indent_of(line) + if line.trim_start().starts_with("- ") { 2 } else { 0 };
        let rest = lines[at + 1..].iter().take_while(|line| indent_of(line) >= indent);
        read(indent, &rest.copied().collect::<Vec<_>>())
    })
    .collect()
}

fn read(indent: usize, lines: &[&str]) -> Step {
    let mut step = Step::default();
    let mut section = "";
    for line in lines {
        let text = line.trim();
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        match indent_of(line).saturating_sub(indent) {
            0 => section = name,
            2 if section == "with" => {
                let value = value.trim().trim_matches('\'').trim_start_matches('|').to_owned();
                step.with.push((name.to_owned(), value));
            }
            // The next line of a script.
            4 if section == "with" => {
                let (_, script) = step.with.last_mut().expect("a script has a name");
                *script += &format!("{text}\n");
            }
            _ => {}
        }
        if section == "id" && step.id.is_empty() {
            value.trim().clone_into(&mut step.id);
        }
    }
    step
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
