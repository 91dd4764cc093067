//! What real and hostile commands write, in lines of our own: the texture is what matters.

/// What a texture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As the tools of a deploy write it.
    Real,
    /// Trigger words or URLs alone.
    Adversarial,
}

/// A line for each number.
pub(crate) struct Texture {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    line: fn(u64) -> String,
}

/// The texture of this name; there is one.
pub(crate) fn named(name: &str) -> &'static Texture {
    TEXTURES.iter().find(|texture| texture.name == name).expect("there is such a texture")
}

pub(crate) static TEXTURES: [Texture; 14] = [
    real("kubectl", |n| {
        format!(
            "ingress.networking.k8s.io/host-{} unchanged (host web-{} endpoint ready)",
            n % 40,
            n % 30
        )
    }),
    real("errors", |n| {
        format!(
            "[{n}] Error: request to backend failed with ECONNREFUSED 10.0.0.{}:5432 at TCPConnectWrap.afterConnect (net.js:1141:16)",
            n % 255
        )
    }),
    real("json", |n| {
        format!(
            r#"{{"level":"info","time":{},"hostname":"ip-10-0-0-{}","msg":"request completed","req":{{"method":"GET","url":"https://api.internal.example.com/v1/users/{n}"}}}}"#,
            1_700_000_000_000 + n * 37,
            n % 255
        )
    }),
    real("terraform", |n| {
        format!(
            "aws_route53_record.host[{}]: Still creating... [{}0s elapsed, id=rtbassoc-{:x}]",
            n % 20,
            n % 60,
            mixed(n)
        )
    }),
    real("npm", |n| {
        format!(
            "npm http fetch GET 200 https://registry.example.com/package-{:x} {}ms (cache miss)",
            mixed(n),
            n % 900
        )
    }),
    real("docker", |n| {
        format!(
            "#{} {}.34 Get:{n} http://deb.example.org/debian bookworm/main amd64 libfoo{:x} amd64 1.2.3-1",
            n % 30,
            n % 99,
            mixed(n) & 0xfff
        )
    }),
    real("webpack", |n| {
        format!(
            "asset static/js/{}.{:x}.chunk.js {} KiB [emitted] [immutable] [minimized] (id hint: vendors)",
            n % 900,
            mixed(n),
            n % 99
        )
    }),
    real("gradle", |n| {
        format!(
            "Download https://repo.example.org/maven2/org/foo/{:x}/1.{}/foo-1.{}.pom",
            mixed(n),
            n % 9,
            n % 9
        )
    }),
    real("log4j", |n| {
        format!(
            "2026-06-01 08:00:{:02}.{:03}  INFO {} --- [nio-8080-exec-{}] c.e.d.web.UserController : route mapped to url /api/users/{n} on host web",
            n % 60,
            n % 1000,
            n % 9000,
            n % 9
        )
    }),
    real("plain", |n| {
        let url = if n % 50 == 0 { " see https://docs.example.com/step" } else { "" };
        format!("[12:34:56] step {n}: copied assets/chunk-{n:08x}.js in 12 ms{url}")
    }),
    adversarial("minified", |n| {
        format!(
            "function a{0:x}(e,t){{return e.url=\"https://{0:x}.example.com/{1:x}\",t.host=e.host||\"//cdn\"}}",
            mixed(n) & 0xffff,
            mixed(n)
        )
        .repeat(40)
    }),
    adversarial("urls", |n| format!("https://{:x}.example.com/{:x}", mixed(n), n)),
    adversarial("announcements", |n| format!("live at https://{:x}.example.com", mixed(n))),
    adversarial("triggers", |_| {
        "host url route deployed to domain endpoint live at url".to_owned()
    }),
];

impl Texture {
    /// So many bytes of it, in whole lines.
    pub(crate) fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 4096);
        for number in 0.. {
            if bytes.len() >= length {
                break;
            }
            bytes.extend_from_slice((self.line)(number).as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }
}

const fn real(name: &'static str, line: fn(u64) -> String) -> Texture {
    Texture { name, kind: Kind::Real, line }
}

const fn adversarial(name: &'static str, line: fn(u64) -> String) -> Texture {
    Texture { name, kind: Kind::Adversarial, line }
}

/// A number that looks random.
fn mixed(number: u64) -> u64 {
    number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24
}
