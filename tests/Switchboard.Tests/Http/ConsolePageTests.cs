using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LocalHost;
using Switchboard.Hosting;

namespace Switchboard.Tests.Http;

/// <summary>The console as an answer: what its browser is told, and that it needs nothing else.</summary>
public sealed partial class ConsolePageTests
{
    [Fact]
    public async Task GetConsole_LocalHostWithoutASetting_IsThePageWithItsGuards()
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        using var response = await client.GetAsync("/console", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", Header(response, "Cache-Control"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
    }

    [Fact]
    public async Task Policy_AllowsTheTwoBlocksOfThePageAndNothingElse()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync("/console", TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var style = Assert.Single(Style().Matches(page)).Groups["text"].Value;
        var script = Assert.Single(Script().Matches(page)).Groups["text"].Value;

        Assert.Equal(
            [
                "default-src 'none'", "connect-src 'self'", "img-src data:", $"style-src '{Hash(style)}'", $"script-src '{Hash(script)}'",
                "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
            ],
            Header(response, "Content-Security-Policy").Split("; "));
    }

    [Fact]
    public async Task Page_HasNothingThatThePolicyBlocksAndNoKey()
    {
        await using var host = await TestHost.StartAsync();
        var page = await host.Client.GetStringAsync("/console", TestContext.Current.CancellationToken);
        var markup = Script().Replace(Style().Replace(page, ""), "");
        var scripts = Script().Match(page).Groups["text"].Value;

        Assert.DoesNotMatch(@"<[^>]*\s(style|on\w+)\s*=", markup);
        Assert.Equal(["href=\"data:,\""], References().Matches(markup).Select(match => match.Value));
        Assert.DoesNotMatch(@"url\(|@import", Style().Match(page).Value);
        Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Storage\b|document\.cookie|\bimport\b", scripts);
        // Anything else could end the script early, and its hash would be that of another text.
        Assert.DoesNotContain("<!--", scripts, StringComparison.Ordinal);
        Assert.DoesNotContain(TestHost.Key, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Scripts_AreAllThere()
    {
        await using var host = await TestHost.StartAsync();
        var page = await host.Client.GetStringAsync("/console", TestContext.Current.CancellationToken);
        var files = Directory.GetFiles(Repository.PathOf("src", "Switchboard", "Http", "Console"), "*.js");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains(File.ReadAllText(file), page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetConsole_TurnedOff_Is404AndNamesTheSetting()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Console:Enabled"] = "false" });
        using var response = await host.Client.GetAsync("/console", TestContext.Current.CancellationToken);
        var error = await Json.ReadErrorAsync(response);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("console_off", error.GetProperty("code").GetString());
        Assert.Contains("Console:Enabled", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Welcome_Console_PrintsItsAddressWhereItIsOn(bool enabled)
    {
        var text = Welcome.Text("http://127.0.0.1:7071", file: null, new SwitchboardOptions { Console = { Enabled = enabled }, Models = { new() { Id = "demo" } } });

        Assert.Equal(enabled, text.Contains("http://127.0.0.1:7071/console", StringComparison.Ordinal));
    }

    [Fact]
    public void Welcome_SettingsFileWithoutValues_SaysWhereTheKeyBelongs()
    {
        var file = new LocalSettings("/here/local.settings.json", new Dictionary<string, string?>(), Port: 7072);
        var text = Welcome.Text("http://127.0.0.1:7071", file, new SwitchboardOptions { Models = { new() { Id = "demo" } } });

        Assert.Contains("set Access__ApiKeys__0, in the environment or within Values of /here/local.settings.json, which has none", text, StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("<style[^>]*>(?<text>.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script[^>]*>(?<text>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    // Places inside the page begin with #.
    [GeneratedRegex("""\b(src|srcset|href|action|data|poster)="(?!#)[^"]*""" + "\"")]
    private static partial Regex References();
}
