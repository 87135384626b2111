"""Addresses of tasks and notifications."""

from django.urls import path

from guanxi.tasks.views import notifications, tasks

app_name = "tasks"

urlpatterns = [
    path("notifications/bell", notifications.bell, name="bell"),
    path("notifications/newest", notifications.newest, name="newest"),
    path("notifications/read", notifications.read, name="read"),
    path("notifications/follow", notifications.follow, name="follow"),
    path("notifications/people", notifications.people, name="people"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("settings/notifications", notifications.choices, name="choices"),
    path("settings/notifications/feed", notifications.feed_settings, name="feed_settings"),
    path("calendar/<str:secret>.ics", notifications.feed, name="feed"),
    path("tasks/", tasks.task_list, name="list"),
    path("tasks/new", tasks.create, name="create"),
    path("tasks/<str:public_id>/", tasks.show, name="task"),
    path("tasks/<str:public_id>/change", tasks.change, name="change"),
    path("tasks/<str:public_id>/act", tasks.act, name="act"),
]
