{% extends "layout.tpl" %}
{% block content %}<table><thead><tr><th>name</th><th>sku</th><th>category</th><th>price</th><th>stock</th><th>created</th></tr></thead><tbody>
{% for row in rows %}<tr><td><a href="/edit/{{ row._id }}">{{ row.name }}</a></td><td>{{ row.sku }}</td><td>{{ row.category }}</td><td>{{ row.price }}</td><td>{{ row.stock }}</td><td>{{ row.created.strftime("%Y-%m-%d %H:%M") }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}
