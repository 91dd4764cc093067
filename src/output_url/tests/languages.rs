//! What people write in their own languages at the end of a deploy script.

use super::lines::{found, none};

#[test]
fn chinese() {
    found(&[
        "部署完成！访问地址: @",
        "✅ 部署成功！访问地址：@",
        "网站地址: @",
        "线上地址：@",
        "请访问: @",
        "预览链接: @",
        "应用已部署到 @",
        "服务地址: @",
        "前端: @",
        "訪問網址：@",
        "网站部署成功！\n@",
        "您的网站已上线: @",
        "域名: @",
    ]);
    none(&[
        "日志: @",
        "控制台地址: @",
        "文档: @",
        "正在下载 @",
        "登录后台: @",
        "请求失败: @",
        "镜像仓库: @",
        "更多信息: @",
        "无法访问 @",
    ]);
}

#[test]
fn japanese() {
    found(&[
        "デプロイ完了: @",
        "✅ デプロイ完了！\n公開URL: @",
        "アクセス先: @",
        "サイトを公開しました: @",
        "本番環境: @",
        "プレビュー: @",
        "🌐 @",
        "アプリURL: @",
    ]);
    none(&["ドキュメント: @", "ログ: @", "管理画面: @", "ダウンロード中: @", "詳細はこちら: @"]);
}

#[test]
fn korean() {
    found(&[
        "✅ 배포 완료!\n서버 주소: @",
        "접속 주소: @",
        "배포 완료: @",
        "사이트: @",
        "서비스 URL: @",
        "@ 에서 확인하세요.",
        "미리보기: @",
        "웹사이트 주소: @",
    ]);
    none(&["문서: @", "로그 확인: @", "관리자 페이지: @", "대시보드: @", "다운로드: @"]);
}

#[test]
fn russian() {
    found(&[
        "Сайт доступен: @",
        "🌐 Сайт: @",
        "Приложение доступно по адресу: @",
        "✅ Деплой завершён!\n🌐 Приложение доступно на:\n   @",
        "Адрес: @",
        "Опубликовано: @",
        "Проверьте сайт: @",
        "Ваш сайт развёрнут: @",
    ]);
    none(&[
        "Документация: @",
        "Логи: @",
        "Панель управления: @",
        "Ошибка: @",
        "Скачать: @",
        "Сайт не доступен: @",
    ]);
}

#[test]
fn romance_languages() {
    found(&[
        "🌐 Acesse: @",
        "Aplicação disponível em: @",
        "Publicado em @",
        "✅ Deploy concluído!\nAcesse @",
        "Site no ar: @",
        "Disponible en: @",
        "Sitio web: @",
        "Accede en: @",
        "✅ ¡Despliegue completado!\n🔗 @",
        "Aplicación desplegada en @",
        "Application disponible sur: @",
        "Site en ligne: @",
        "✅ Déploiement terminé !\n@",
        "Déployé sur @",
        "Rendez-vous sur @",
        "Adresse : @",
        "Disponibile su: @",
        "Sito pubblicato: @",
        "Il sito è online: @",
        "Indirizzo: @",
    ]);
    none(&[
        "Documentação: @",
        "Painel: @",
        "Baixando @",
        "Erro: @",
        "Documentación: @",
        "Descargando @",
        "Documentation : @",
        "Journaux : @",
        "Téléchargement de @",
        "Documentazione: @",
        "Non disponibile: erro @",
    ]);
}

#[test]
fn other_languages() {
    found(&[
        "Erreichbar unter: @",
        "Die Seite ist live: @",
        "✅ Deployment erfolgreich!\n@",
        "Webseite: @",
        "Vorschau: @",
        "Verfügbar unter @",
        "Strona dostępna pod adresem: @",
        "Opublikowano: @",
        "Adres: @",
        "Site yayında: @",
        "Uygulama adresi: @",
        "Canlı: @",
        "Beschikbaar op @",
    ]);
    none(&[
        "Dokumentation: @",
        "Protokolle: @",
        "Fehler: @",
        "Verwaltung: @",
        "Logi: @",
        "Dokumantasyon: @",
    ]);
}

#[test]
fn signs_need_no_language() {
    found(&["🌐 @", "🔗 @", "🚀 @", "✅ xyz abc\nqwert: @", "👉 @", "➜ @"]);
    none(&["qwert: @", "qwert @"]);
}
