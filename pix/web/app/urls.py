"""Addresses of the personal space."""

from django.urls import path

from pix.web.app.account import data, email
from pix.web.app.account import views as account
from pix.web.app.entry import mediacentre
from pix.web.app.entry import views as entry
from pix.web.app.home import views as home
from pix.web.app.play import report
from pix.web.app.play import views as play

app_name = "app"
urlpatterns = [
    path("accueil", home.home, name="home"),
    path("mes-parcours", home.runs, name="runs"),
    path("competences", home.competences, name="competences"),
    path("campagnes", entry.code, name="code"),
    path("campagnes/<str:code>", entry.entrance, name="entrance"),
    path("campagnes/<str:code>/presentation", entry.landing, name="landing"),
    path("campagnes/<str:code>/commencer", entry.start, name="start"),
    path("campagnes/<str:code>/acces", entry.access, name="access"),
    path("campagnes/<str:code>/rejoindre", entry.join, name="join"),
    path("campagnes/<str:code>/inscription", entry.register, name="register"),
    path("mon-compte", account.account, name="account"),
    path("mon-compte/mot-de-passe", account.password, name="account-password"),
    path("mon-compte/adresse", email.ask, name="account-email"),
    path("mon-compte/adresse/code", email.confirm, name="account-email-code"),
    path("mon-compte/appareils", account.end_sign_ins, name="account-sign-ins"),
    path("mon-compte/donnees", data.ask, name="account-data"),
    path("mon-compte/donnees/<uuid:export>", data.download, name="account-data-file"),
    path("mon-compte/supprimer", data.delete, name="account-delete"),
    path("campagnes/<str:code>/mediacentre", mediacentre.birth_date, name="mediacentre"),
    path("campagnes/<str:code>/mediacentre/compte", mediacentre.own_account, name="mediacentre-account"),
    path("mediacentre/quitter", mediacentre.forget, name="forget"),
    path("parcours/<uuid:run>", play.resume, name="resume"),
    path("parcours/<uuid:run>/didacticiel", play.tutorial, name="tutorial"),
    path("parcours/<uuid:run>/questions/<int:rank>", play.question, name="question"),
    path("parcours/<uuid:run>/questions/<int:rank>/reponse", play.answer, name="answer"),
    path("parcours/<uuid:run>/questions/<int:rank>/fichiers/<int:number>", play.file, name="file"),
    path("parcours/<uuid:run>/questions/<int:rank>/fenetre", play.focus_lost, name="focus-lost"),
    path("parcours/<uuid:run>/questions/<int:rank>/signalement", report.report, name="report"),
    path("parcours/<uuid:run>/bilan", play.checkpoint, name="checkpoint"),
    path("parcours/<uuid:run>/reponses/<int:rank>", play.correction, name="correction"),
    path("parcours/<uuid:run>/resultats", play.results, name="results"),
    path("parcours/<uuid:run>/envoi", play.share, name="share"),
]
