using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>What is said at start of an upstream that would not answer.</summary>
public sealed class UpstreamProbeTests
{
    private const string Key = "sk-probe-0123456789abcdef";

    [Theory]
    [InlineData(401, "refuses the key (401); check ApiKey or ApiKeySecret, and that it is a key of this service")]
    [InlineData(403, "refuses the key or this machine (403); check what the key may do, and from where the service may be asked")]
    [InlineData(402, "wants to be paid (402); check the account")]
    [InlineData(404, "has nothing at this address (404); check that BaseUrl is what stands before /chat/completions, often with /v1 at its end")]
    [InlineData(503, "does not work (503); check whether it runs, and what stands before it")]
    [InlineData(301, "answers with a redirect (301), which is not followed, since the key must not go elsewhere; set BaseUrl to where the API is")]
    public async Task Start_UpstreamThatRefuses_IsNamedWithWhatToCheck(int status, string problem)
    {
        await using var upstream = FaultyUpstream.Start();
        upstream.Probe = Failures.Status(status);
        await using var host = await StartAsync(upstream.BaseUrl, ("ApiKey", Key));

        Assert.Equal(
            $"Upstream {upstream.BaseUrl.Authority} of model voice {problem}; nothing is stopped for it, and other upstreams may answer", await WarningAsync(host));
        Assert.All(upstream.Probes, probe => Assert.Equal($"Bearer {Key}", probe.Headers["Authorization"]));
        Assert.Equal("/v1/models", upstream.Probes.First().Target);
        // The turns go on.
        using var answer = await host.PostAsync(Json.Request("voice", "Hello?"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Message.Contains(Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("voice", "voice")]
    [InlineData("front-desk.de", "front_desk_de")]
    public async Task Start_UpstreamThatWantsAKey_IsToldOfWithTheVariableThatGivesIt(string id, string name)
    {
        await using var good = FaultyUpstream.Start();
        await using var upstream = FaultyUpstream.Start();
        upstream.Probe = Failures.Status(401);
        await using var host = await StartAsync(good.BaseUrl, ("/Models:1:Id", id), ("/Models:1:Upstreams:1:BaseUrl", upstream.BaseUrl.ToString()));

        Assert.Contains(
            $"wants a key (401), and none is set; set Models__{name}__Upstreams__1__ApiKey in the environment, the app settings or local.settings.json (a key in switchboard.json is refused), ",
            await WarningAsync(host),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AWebPage_IsToldOf()
    {
        await using var upstream = FaultyUpstream.Start();
        upstream.Probe = exchange => exchange.AnswerAsync(200, "text/html; charset=utf-8", "<html></html>");
        await using var host = await StartAsync(upstream.BaseUrl, ("ApiKey", Key));

        Assert.Contains("answers with a web page; check that BaseUrl is the address of the API", await WarningAsync(host), StringComparison.Ordinal);
    }

    // Of services that have no list of models, or no GET, nothing is said; nor of a limit.
    [Theory]
    [InlineData("200", "200")]
    [InlineData("404", "405")]
    [InlineData("404", "401")]
    [InlineData("405", "404")]
    [InlineData("429", "404")]
    public async Task Start_UpstreamThatMayAnswer_IsNotToldOf(string models, string completions)
    {
        var probed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var good = FaultyUpstream.Start();
        good.Probe = async exchange =>
        {
            var isList = exchange.Request.Target.EndsWith("/models", StringComparison.Ordinal);
            await exchange.AnswerAsync(int.Parse(isList ? models : completions, System.Globalization.CultureInfo.InvariantCulture), "application/json", "{}");
            if (!isList || models != "404")
            {
                probed.TrySetResult();
            }
        };
        // The probe of a second one ends after that of the first has begun; its warning is the only one.
        await using var bad = FaultyUpstream.Start();
        bad.Probe = Failures.After(probed.Task, Failures.Status(401));
        await using var host = await StartAsync(good.BaseUrl, ("ApiKey", Key), ("/Models:1:Upstreams:1:BaseUrl", bad.BaseUrl.ToString()));

        Assert.Contains(bad.BaseUrl.Authority, await WarningAsync(host), StringComparison.Ordinal);
        Assert.Single(Warnings(host));
    }

    [Fact]
    public async Task Start_NothingListens_IsToldOf()
    {
        await using var upstream = FaultyUpstream.Refusing();
        await using var host = await StartAsync(upstream.BaseUrl, ("ApiKey", Key));

        Assert.Contains("is not reached (ConnectionRefused); check host and port in BaseUrl, whether it runs, and firewalls", await WarningAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoTlsOnHttps_IsToldOf()
    {
        await using var upstream = await PlainAsync();
        await using var host = await StartAsync(new UriBuilder(upstream.Urls.Single()) { Scheme = "https", Path = "/v1" }.Uri, ("ApiKey", Key));

        Assert.Contains("answers no TLS; check that BaseUrl begins with https only where the service does, and its port", await WarningAsync(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", "UntrustedRoot")]
    [InlineData("other.example", "RemoteCertificateNameMismatch")]
    public async Task Start_CertificateThatIsNotTrusted_IsToldOf(string name, string flaw)
    {
        await using var upstream = await TlsAsync(name);
        var address = new UriBuilder(upstream.Urls.Single()) { Host = "localhost", Path = "/v1" }.Uri;
        await using var host = await StartAsync(address, ("ApiKey", Key));

        var warning = await WarningAsync(host);

        Assert.Contains("has a certificate that is not trusted (", warning, StringComparison.Ordinal);
        Assert.Contains(flaw, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TlsOnHttp_IsToldOf()
    {
        await using var upstream = await TlsAsync("localhost");
        await using var host = await StartAsync(new UriBuilder(upstream.Urls.Single()) { Scheme = "http", Path = "/v1" }.Uri, ("ApiKey", Key));

        Assert.Contains("answers no HTTP; check whether BaseUrl should begin with https", await WarningAsync(host), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "is not found: DNS knows no such name; check BaseUrl, and the DNS of this machine")]
    [InlineData(HttpRequestError.ProxyTunnelError, "is not let through by the proxy; check HTTPS_PROXY and NO_PROXY")]
    public void Of_FailureBelowHttp_SaysWhatToCheck(HttpRequestError error, string problem) =>
        Assert.Equal(problem, UpstreamProblems.Of(new HttpRequestException(error), new Uri("https://up.example/v1")));

    [Fact]
    public void Of_Timeout_SaysWhatToCheck() =>
        Assert.StartsWith("does not answer in time", UpstreamProblems.Of(new TaskCanceledException(), new Uri("https://up.example/v1")), StringComparison.Ordinal);

    private static Task<TestHost> StartAsync(Uri baseUrl, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = baseUrl.ToString(),
        };
        foreach (var (name, value) in settings)
        {
            values[name.StartsWith('/') ? name[1..] : $"Models:1:Upstreams:0:{name}"] = value;
        }

        return TestHost.StartAsync(null, values);
    }

    private static IEnumerable<string> Warnings(TestHost host) => host.Logs.GetSnapshot().Where(line => line.Id.Id == 216 && line.Level == LogLevel.Warning).Select(line => line.Message);

    private static async Task<string> WarningAsync(TestHost host)
    {
        await host.WaitForLogAsync(216);
        return Warnings(host).First();
    }

    private static async Task<WebApplication> PlainAsync() => await Loopback.StartAsync(app => app.MapGet("/v1/models", () => Results.Json(new { data = Array.Empty<string>() })));

    private static async Task<WebApplication> TlsAsync(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        // As a file would have it: Kestrel wants the key beside it.
        return await Loopback.StartAsync(_ => { }, X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pfx), null));
    }
}
