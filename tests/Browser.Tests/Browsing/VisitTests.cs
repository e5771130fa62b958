using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Browser.Tests.Browsing;

/// <summary>That a page which misbehaves is noticed.</summary>
public sealed class VisitTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData("<script>1</script>", "Content-Security-Policy: script-src-elem inline")]
    [InlineData("<p style='color:red'>", "Content-Security-Policy: style-src-attr inline")]
    [InlineData("<img src=https://example.com/a.png>", "Content-Security-Policy: img-src https://example.com/a.png")]
    [InlineData("<script nonce=n>console.info('said')</script>", "info: said")]
    [InlineData("<script nonce=n>missing()</script>", "exception: ReferenceError: missing is not defined")]
    [InlineData("<script nonce=n>alert(1)</script>", "alert: 1")]
    [InlineData("<script nonce=n>done = fetch('http://localhost:1/a').catch(() => 0)</script>", "asked http://localhost:1/a")]
    public async Task Failures_OfAPageThatMisbehaves_AreKept(string html, string failure)
    {
        var visit = await OpenAsync(html);

        Assert.Contains(visit.Failures(), kept => kept.Contains(failure, StringComparison.Ordinal));
        visit.Expect("");
    }

    [Fact]
    public async Task Failures_OfAPageThatBehaves_AreNone() => Assert.Empty((await OpenAsync("<script nonce=n>done = fetch('here')</script>")).Failures());

    private async Task<Visit> OpenAsync(string html)
    {
        var host = await StartAsync(middleware: app => app.Run(async context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; script-src 'nonce-n'; connect-src *";
            await context.Response.WriteAsync($"<!doctype html><link rel=icon href='data:,'>{html}");
        }));
        var visit = await VisitAsync(host);
        await visit.Page.GotoAsync($"{host.Address}console");
        await visit.Page.EvaluateAsync("() => window.done ?? new Promise(requestAnimationFrame)");
        return visit;
    }
}
