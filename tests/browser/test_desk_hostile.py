"""The demo helpdesk's page before hostile names, texts, files and other sites, in a real browser."""

import pytest

from tests.browser.chromium import Tab, tab
from tests.browser.customer import contents, says, sends
from tests.contract.desk.serving import Caller

pytestmark = pytest.mark.browser

EVIL = '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
SCRIPT = b"<!doctype html><title>shown</title><script>document.title = 'owned'</script>"


async def test_nothing_a_customer_writes_is_carried_out(wide: Tab, desk: Caller) -> None:
    await desk.call("PUT", "contacts/1", {"name": EVIL})
    await sends(desk, f"{EVIL}.html", "text/html", SCRIPT)
    evil = await says(desk, EVIL)
    last = await says(desk, EVIL, content_attributes={"in_reply_to": evil})
    await desk.call("PATCH", f"conversations/1/messages/{evil}", {"status": "failed", "external_error": EVIL})
    await wide.until(f"document.querySelectorAll('#m{evil} .error, #m{last} .quote').length === 2", "the messages")
    await wide.run(f"document.querySelector('#m{last} .reply').click()")
    assert await wide.run("document.querySelectorAll('main script, main img[onerror]').length") == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.ogg", "audio/ogg, text/html"), ("a.png", "image/png")],
)
async def test_a_hostile_file_opened_by_its_address_does_not_run(
    devtools: str, desk: Caller, name: str, kind: str
) -> None:
    """A download ends no load, so that the page that was there stays; what is shown has run nothing."""
    url = await sends(desk, name, kind, SCRIPT)
    async with tab(devtools) as page:
        await page.go(f"{desk.base}/?c=1")
        await page.send("Page.setDownloadBehavior", behavior="deny")
        await page.send("Page.navigate", url=url)
        await page.until("document.readyState === 'complete'", "the answer")
        assert await page.run("document.title") != "owned"
        assert await page.run("document.querySelectorAll('script:not([src])').length") == 0


async def test_another_sites_page_cannot_write_though_it_knows_the_token(devtools: str, desk: Caller) -> None:
    """The desk's address for files stands for the other site: under another name, so of another origin."""
    port = desk.base.rpartition(":")[2]
    async with tab(devtools) as page:
        await page.go(f"{desk.base}/?c=1")
        token = await page.run("compose.token.value")
        await page.go(f"http://localhost:{port}/desk/static/desk.css")
        body = f"token={token}&conversation=1&content=forged"
        script = f"""fetch('{desk.base}/desk/do/write', {{ method: 'POST', mode: 'no-cors', body: '{body}',
          headers: {{ 'Content-Type': 'application/x-www-form-urlencoded' }} }}).then((answer) => answer.type)"""
        assert await page.run(script) == "opaque"  # sent, and answered
        await page.run(f"sent = new URLSearchParams({body!r}); address = '{desk.base}/desk/do/write'; 1")
        form = """(() => { const form = document.createElement('form'); form.method = 'post'; form.action = address;
          for (const pair of sent) { const field = document.createElement('input');
            [field.name, field.value] = pair; form.append(field); }
          document.body.append(form); form.submit(); })()"""
        await page.leads_on(page.run(form))
        assert "Only the page of this helpdesk may write here" in await page.text("body")
    assert await contents(desk) == ["Good morning"]
