"""The staff of an employer: requests to be confirmed first, then everybody who works here."""

from web import staff_list
from web.session import current_actor

staff_list.draw(current_actor())
