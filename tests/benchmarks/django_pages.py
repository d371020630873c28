"""The peer of the interaction benchmark: sign in, a list with a filter, a form, in plain Django."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from services.clock import today

TABLE = "CREATE TABLE claim (id INTEGER PRIMARY KEY, person_id, title, year, status, hours)"
INDEX = "CREATE INDEX claim_person ON claim (person_id, year)"
LIST = """
SELECT title, year, status, hours FROM claim
WHERE person_id = %s AND (%s = '' OR year = %s) ORDER BY id DESC LIMIT 50
"""
SAVE = "INSERT INTO claim (person_id, title, year, status, hours) VALUES (%s, %s, %s, 'draft', 8)"


@login_required
def claims(request: HttpRequest) -> HttpResponse:
    year = request.GET.get("year", "")
    with connection.cursor() as cursor:
        cursor.execute(LIST, [request.user.pk, year, int(year or 0)])
        shown = {"claims": cursor.fetchall(), "year": year, "this_year": today().year}
    return render(request, "claims.html", shown)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute(SAVE, [request.user.pk, request.POST["title"], today().year - 1])
        return redirect("/new?saved=1")
    return render(request, "new.html", {"saved": "saved" in request.GET})


urlpatterns = [path("login", LoginView.as_view(template_name="login.html")), path("claims", claims), path("new", new)]


def fill(username: str, password: str, claims: int) -> None:
    """The tables, one user, and his claims, every other one of this year."""
    call_command("migrate", verbosity=0)
    user = User.objects.create_user(username, password=password)
    with connection.cursor() as cursor:
        for statement in (TABLE, INDEX):
            cursor.execute(statement)
        for number in range(claims):
            cursor.execute(SAVE, [user.pk, f"研修班第 {number + 1} 期", today().year - number % 2])
