//! What people write before and behind a URL in other languages than English, without accents.
//! Words that English shares are in `keywords`. A phrase of Chinese, Japanese or Korean is found
//! inside of a longer word.

use super::phrase_table::Lists;

/// Before a URL.
pub(in super::super) const BEFORE: &[&Lists] = &[
    CHINESE, JAPANESE, KOREAN, RUSSIAN, PORTUGUESE, SPANISH, FRENCH, GERMAN, ITALIAN, POLISH,
    TURKISH, DUTCH,
];

const CHINESE: &Lists = &[
    (
        4,
        "发布到, 已上线, 已发布, 已部署, 已部署至, 线上地址, 訪問地址, 訪問網址, 访问地址, 访问网址, 访问链接, 部署到, 部署地址, 部署網址, 预览地址, \
         预览链接",
    ),
    (
        3,
        "上线, 主页, 前端, 发布成功, 可访问, 域名, 官网, 生产环境, 站点, 網址, 網站, 网址, 网站, 部署成功, 預覽, 预览, 首页",
    ),
    (2, "入口, 发布完成, 地址, 打开, 浏览, 瀏覽, 訪問, 访问, 部署完成"),
    (1, "应用, 服务, 連結, 链接, 页面"),
    (0, "后端, 後端, 接口"),
    (-3, "健康检查, 文件, 测试, 监听"),
    (
        -4,
        "代理, 目标地址, 目标域名, 失敗, 失败, 如果, 查询, 正在, 获取, 计费, 请求, 錯誤, 错误, 镜像",
    ),
    (-5, "参考, 帮助, 授权, 教程, 文档, 文檔, 更多, 本地, 构建地址, 注册, 登入, 登录, 登錄, 详情"),
    (
        -6,
        "下載, 下载, 仓库, 倉庫, 后台, 後台, 指标, 控制台, 数据库, 无法, 日志, 日誌, 無法, 监控, 監控, 管理",
    ),
];

const JAPANESE: &Lists = &[
    (
        4,
        "アクセス先, デプロイ先, 公開先, 公開しました, 公開されました, デプロイしました, デプロイされました",
    ),
    (
        3,
        "本番, プレビュー, サイト, フロントエンド, エンドポイント, ドメイン, ホームページ, トップページ, 公開",
    ),
    (2, "アクセス, デプロイ完了, デプロイ成功"),
    (1, "アプリ, リンク, ページ, サービス"),
    (0, "バックエンド, ブログ"),
    (-4, "エラー, できません"),
    (-5, "ドキュメント, ログイン, ローカル, 詳細, 登録, 参照"),
    (-6, "ログ, コンソール, 管理画面, ダッシュボード, ダウンロード, 監視, リポジトリ"),
];

const KOREAN: &Lists = &[
    (4, "배포됨, 배포되었습니다, 배포했습니다"),
    (3, "주소, 사이트, 프론트엔드, 미리보기, 도메인, 운영, 프로덕션, 홈페이지, 메인"),
    (2, "접속, 배포 완료, 배포완료, 접근"),
    (1, "서비스, 링크, 페이지, 확인, 앱"),
    (0, "서버, 백엔드, 블로그"),
    (-3, "테스트"),
    (-4, "실패, 오류, 에러, 관리, 없습니다"),
    (-5, "문서, 로그인, 로컬, 가입, 자세히"),
    (-6, "로그, 대시보드, 콘솔, 관리자, 모니터링, 다운로드, 저장소"),
];

const RUSSIAN: &Lists = &[
    (
        4,
        "доступен по адресу, доступен по ссылке, доступна по адресу, доступно по адресу, \
         задеплоен, задеплоено, опубликован, опубликована, опубликовано, развернут, развернут \
         на, развернута, развернуто",
    ),
    (
        3,
        "адрес, в сети, превью, продакшен, продакшн, работает по адресу, сайт, сайта, \
         фронтенд",
    ),
    (2, "домен, доступен, доступна, доступно, запущен, запущена, запущено, посетите, работает"),
    (
        1,
        "деплой, откройте, открыть, перейдите, приложение, приложения, проверьте, сервис, \
         ссылка, страница, страницу, хостинг",
    ),
    (0, "бекенд, бэкенд, сервер"),
    (-4, "если, загрузка, невозможно, нет, ошибка, ошибки, тест"),
    (
        -5,
        "войти, вход, документацию, документация, локально, локальный, панель, подробнее, \
         регистрация",
    ),
    (
        -6,
        "админ, админка, админку, база, консоль, лог, логи, логов, мониторинг, не, \
         репозиторий, скачать",
    ),
];

const PORTUGUESE: &Lists = &[
    (5, "disponivel em, implantado em, publicado em"),
    (4, "implantada, implantado, publicada, publicado"),
    (3, "acesse, no ar, producao"),
    (2, "acessar, acessivel, acesso, disponivel, dominio, endereco, pagina, visite"),
    (1, "aplicacao, aplicativo"),
    (-4, "erro, falha, falhou"),
    (-5, "documentacao, entrar, registros, saiba mais"),
    (-6, "baixando, baixar, nao, painel, repositorio"),
];

const SPANISH: &Lists = &[
    (5, "desplegado en, desplegada en, publicado en, publicada en, disponible en"),
    (4, "desplegado, desplegada, publicado, publicada"),
    (3, "sitio, sitio web, accede, acceda, produccion, vista previa, en linea"),
    (2, "disponible, visita, acceso, direccion, accesible, abre"),
    (1, "aplicacion, enlace"),
    (-4, "fallo"),
    (-5, "mas informacion, iniciar sesion, registrate"),
    (-6, "descargar, descargando"),
];

const FRENCH: &Lists = &[
    (5, "deploye sur, deployee sur, publie sur, disponible sur, accessible sur, accessible a"),
    (4, "deploye, deployee, publie, publiee"),
    (3, "en ligne, apercu, rendez vous sur"),
    (2, "adresse, visitez, domaine, acces"),
    (1, "lien, ouvrez, consultez"),
    (-4, "echec, erreur, pas"),
    (-5, "connexion, en savoir plus"),
    (-6, "journaux, journal, tableau de bord, telecharger, telechargement, depot"),
];

const GERMAN: &Lists = &[
    (
        5,
        "aufrufbar unter, bereitgestellt unter, erreichbar unter, verfugbar unter, \
         veroffentlicht unter",
    ),
    (4, "bereitgestellt, veroffentlicht"),
    (3, "produktion, produktiv, startseite, vorschau, webseite"),
    (2, "aufrufbar, besuchen, erreichbar, seite, verfugbar, zugriff"),
    (1, "anwendung, aufrufen"),
    (-4, "fehler, fehlgeschlagen"),
    (-5, "anleitung, anmelden, dokumentation, lokal"),
    (-6, "herunterladen, konsole, nicht, protokoll, protokolle, uberprufen, verwaltung"),
];

const ITALIAN: &Lists = &[
    (5, "pubblicato su, disponibile su, disponibile all indirizzo, online su, distribuito su"),
    (4, "pubblicato, pubblicata"),
    (3, "sito, sito web, anteprima, produzione, distribuito"),
    (2, "disponibile, indirizzo, accessibile, accedi"),
    (1, "applicazione"),
    (-4, "errore, fallito"),
    (-5, "documentazione, pannello"),
    (-6, "scarica"),
];

const POLISH: &Lists = &[
    (5, "dostepna pod adresem, dostepne pod adresem, dostepny pod adresem, wdrozono na"),
    (4, "opublikowana, opublikowano, wdrozona, wdrozono"),
    (3, "adres, pod adresem, podglad, produkcja, strona"),
    (2, "dostepna, dostepne, dostepny, odwiedz"),
    (1, "aplikacja"),
    (-4, "blad"),
    (-5, "dokumentacja, zaloguj"),
    (-6, "logi, nie, panel, pobierz"),
];

const TURKISH: &Lists = &[
    (4, "yayinlandi, dagitildi, yayinda"),
    (3, "adresi, sitesi, canli, onizleme, uretim, adresinden"),
    (2, "erisilebilir, erisim, ziyaret"),
    (1, "uygulama, baglanti"),
    (-4, "hata, basarisiz"),
    (-5, "dokumantasyon, belgeler, giris"),
    (-6, "gunlukler, indir, konsol"),
];

const DUTCH: &Lists = &[
    (5, "beschikbaar op, bereikbaar op, gepubliceerd op"),
    (3, "voorbeeld, productie"),
    (2, "beschikbaar, bereikbaar, bezoek"),
];

/// Behind a URL.
pub(in super::super) const BEHIND: &Lists = &[(
    3,
    "에서 확인, 에서 접속, 에 배포, 에서 접근, で公開, にデプロイ, でアクセス, に公開, 访问, 可以访问, 查看效果, доступен, доступно, adresinde calisiyor, adresinde yayinda, yayinda",
)];

/// That something went well.
pub(in super::super) const WENT_WELL: &Lists = &[(
    2,
    "erfolgreich, abgeschlossen, fertig, termine, terminee, reussi, reussie, succes, exito, exitoso, \
         exitosamente, completado, completada, concluido, concluida, sucesso, successo, completato, \
         completata, zakonczone, zakonczono, pomyslnie, tamamlandi, basarili, basariyla, завершен, \
         завершено, завершена, завершён, успешно, готово, voltooid, 完成, 成功, 완료, 성공, 已部署, 已发布",
)];

/// That a deploy failed.
pub(in super::super) const FAILED: &Lists = &[(
    -5,
    "deploy fehlgeschlagen, deployment fehlgeschlagen, bereitstellung fehlgeschlagen, \
          echec du deploiement, echec du deploy, falha no deploy, falha ao publicar, deploy falhou, \
          error al desplegar, fallo el despliegue, ошибка деплоя, деплой не удался, 部署失败, \
          发布失败, 部署失敗, デプロイに失敗, 배포 실패, 배포에 실패",
)];
