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
        "访问地址, 访问链接, 访问网址, 部署地址, 线上地址, 预览地址, 预览链接, 已部署, 已发布, 已上线, 部署到, 发布到, 訪問地址, 訪問網址, 部署網址, 已部署至",
    ),
    (
        3,
        "网址, 網址, 网站, 網站, 站点, 域名, 首页, 主页, 前端, 部署成功, 发布成功, 上线, 预览, 預覽, 生产环境, 官网, 可访问",
    ),
    (2, "访问, 訪問, 地址, 入口, 部署完成, 发布完成, 打开, 瀏覽, 浏览"),
    (1, "链接, 連結, 页面, 应用, 服务"),
    (0, "后端, 後端, 接口"),
    (-3, "测试, 文件, 健康检查, 监听"),
    (-4, "失败, 失敗, 错误, 錯誤, 无法, 無法, 请求, 正在, 镜像, 代理, 如果, 获取, 计费, 查询"),
    (-5, "文档, 文檔, 登录, 登錄, 登入, 注册, 本地, 教程, 参考, 更多, 详情, 帮助, 构建地址, 授权"),
    (-6, "日志, 日誌, 控制台, 后台, 後台, 管理, 监控, 監控, 下载, 下載, 仓库, 倉庫, 数据库, 指标"),
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
        "доступен по адресу, доступно по адресу, доступна по адресу, доступен по ссылке, развернут, развернуто, развернута, развернут на, опубликован, опубликовано, опубликована, задеплоен, задеплоено",
    ),
    (3, "сайт, сайта, адрес, продакшен, продакшн, превью, фронтенд, в сети, работает по адресу"),
    (2, "доступен, доступно, доступна, домен, работает, запущен, запущено, запущена, посетите"),
    (
        1,
        "приложение, приложения, ссылка, страница, страницу, откройте, открыть, перейдите, проверьте, деплой, сервис, хостинг",
    ),
    (0, "бэкенд, бекенд, сервер"),
    (-4, "ошибка, ошибки, не, нет, если, невозможно, загрузка, тест"),
    (
        -5,
        "документация, документацию, войти, вход, подробнее, локально, локальный, панель, регистрация",
    ),
    (
        -6,
        "логи, лог, логов, консоль, админка, админку, админ, мониторинг, скачать, репозиторий, база",
    ),
];

const PORTUGUESE: &Lists = &[
    (5, "publicado em, implantado em, disponivel em"),
    (4, "publicado, publicada, implantado, implantada"),
    (3, "acesse, no ar, producao"),
    (2, "acessar, acesso, disponivel, endereco, pagina, visite, dominio, acessivel"),
    (1, "aplicacao, aplicativo"),
    (-4, "erro, falha, falhou, nao"),
    (-5, "documentacao, entrar, registros, saiba mais"),
    (-6, "painel, baixar, baixando, repositorio"),
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
        "erreichbar unter, verfugbar unter, aufrufbar unter, veroffentlicht unter, bereitgestellt unter",
    ),
    (4, "veroffentlicht, bereitgestellt"),
    (3, "webseite, vorschau, produktion, produktiv, startseite"),
    (2, "erreichbar, verfugbar, aufrufbar, seite, besuchen, zugriff"),
    (1, "anwendung, aufrufen"),
    (-4, "fehler, fehlgeschlagen, nicht"),
    (-5, "dokumentation, anmelden, lokal, anleitung"),
    (-6, "protokoll, protokolle, konsole, verwaltung, herunterladen, uberprufen"),
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
    (5, "dostepna pod adresem, dostepny pod adresem, dostepne pod adresem, wdrozono na"),
    (4, "wdrozono, wdrozona, opublikowano, opublikowana"),
    (3, "strona, podglad, produkcja, adres, pod adresem"),
    (2, "dostepna, dostepny, dostepne, odwiedz"),
    (1, "aplikacja"),
    (-4, "blad, nie"),
    (-5, "dokumentacja, zaloguj"),
    (-6, "logi, pobierz, panel"),
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
    "에서 확인, 에서 접속, 에 배포, 에서 접근, で公開, にデプロイ, でアクセス, に公開, 访问, 可以访问, 查看效果, доступен, доступно, yayinda",
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
