//! What stands around a URL: tags that lines share, blank lines behind tags, sentences before it.

use super::tools::check;

#[test]
fn a_name_that_the_lines_share_is_a_tag() {
    check("web: Checking rules of the page\nweb: https://rules.example.org/a/b#c\n", None);
    check(
        "shop: Access your app at:\nshop: \nshop:   https://a.example.com\n",
        "https://a.example.com",
    );
    check("lerna-web: rules of a route\nlerna-web:   - host: a.example.com\n", None);
    check("web: https://a.example.com\napi: https://b.example.com\n", "https://a.example.com");
}

#[test]
fn a_tag_alone_is_a_blank_line() {
    for tag in ["{\"level\":\"info\",\"msg\":\"", "INFO[0001] ", "10:15AM INF ", "[deploy] "] {
        let end = if tag.starts_with('{') { "\",\"v\":0}" } else { "" };
        let line = |text: &str| format!("{tag}{text}{end}\n");
        let notes = [line("Access the app at:"), line(""), line("    https://app.example.com")];
        check(&notes.concat(), "https://app.example.com");
        let apart =
            [line("Public pages:"), line("none"), line(""), line("Path: https://x.example/p")];
        check(&apart.concat(), None);
    }
}

#[test]
fn a_sentence_before_says_that_it_went_well() {
    check(
        "Deployed successfully! Access app at http://192.168.1.20:30080\n",
        "http://192.168.1.20:30080",
    );
    check(
        "Dağıtım tamamlandı! Sunucu http://192.168.1.31:8080 adresinde çalışıyor.\n",
        "http://192.168.1.31:8080",
    );
    check("Build complete! Sent to https://chat.example.com\n", None);
    check("Done. See https://tool.example.com\n", None);
}

#[test]
fn a_word_of_another_script_is_a_word_of_its_own() {
    check("アプリケーションURL: http://192.0.2.44\n", "http://192.0.2.44");
    check(
        "ok: [web1] => {\n    \"msg\": [\n        \"🌐 http://192.0.2.44\",\n        \"\"\n    ]\n}\n",
        "http://192.0.2.44",
    );
}

#[test]
fn what_only_machines_ask_for_is_not_the_app() {
    check(
        "Your site is live at https://shop.example.com\n\nNext: set up the hook\n  Endpoint URL: https://1.execute-api.eu-west-1.amazonaws.com/prod/webhook\n",
        "https://shop.example.com",
    );
    check(
        "Invoke url: https://a.azurewebsites.net/api/webhook\n",
        "https://a.azurewebsites.net/api/webhook",
    );
    check("Deploying dist to endpoint: http://ctl.example.com:8080\n", None);
    check(
        "Contract deployed: https://explorer.example.org/address/0x5FbDB2315678afecb367f032d93F642f64180aa3\n",
        None,
    );
    check("Shop deployed: https://sepolia.etherscan.io/address/shop.eth\n", None);
    check("GET: curl https://1.execute-api.us-east-1.amazonaws.com/prod/users/USER_ID\n", None);
    check("目标域名: https://a.example.com\n", None);
}

#[test]
fn a_machine_may_have_its_vendors_name() {
    check(
        "Access your application at:\n  - Web Portal:  http://ec2-3-8-1-2.eu-west-2.compute.amazonaws.com:7020\n",
        "http://ec2-3-8-1-2.eu-west-2.compute.amazonaws.com:7020",
    );
    check("Live at http://li1-2.members.linode.com/\n", "http://li1-2.members.linode.com/");
    check("ok: [ec2-3-8-1-2.compute-1.amazonaws.com]\n", None);
}

#[test]
fn a_cursor_that_goes_back_to_the_first_column_begins_the_line_anew() {
    check(
        "\x1b[1G\x1b[0J⠋ deploying\x1b[1G\x1b[0JPublic endpoint:\n\x1b[2K⠙ docs\x1b[Ghttps://a.example.com\n",
        "https://a.example.com",
    );
    check("Live at https://a.example.com\x1b[2K\x1b[1Gno\n", None);
}
