using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchboard.Tests.LocalHosting;

/// <summary>What docs/own-server.md promises of LocalHost as a server of one's own.</summary>
public sealed partial class OwnServerTests : IDisposable
{
    private const string Password = "password-of-the-certificate";

    private static readonly string Unit = File.ReadAllText(Repository.PathOf("infra", "switchboard.service"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-");

    [Theory]
    [InlineData("pfx", "1.1")]
    [InlineData("pfx", "2.0")]
    [InlineData("pem", "1.1")]
    [InlineData("pem", "2.0")]
    public async Task Https_CertificateOfTheSettings_ServesAStreamedTurn(string form, string version)
    {
        using var certificate = Certificate();
        await using var app = await StartAsync(Settings(certificate, form));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Urls.Single()}/v1/chat/completions")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Authorization = new("Bearer", TestHost.Key) },
            Content = Json.Content(Json.Request("demo")),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.StartsWith("https://127.0.0.1:", app.Urls.Single(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (response.StatusCode, response.Version));
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("https://*:0")]
    public async Task Https_WhatIsPrinted_IsTheAddressThatIsBound(string url)
    {
        using var certificate = Certificate();
        var settings = Settings(certificate, "pem");
        settings["Kestrel:Endpoints:Https:Url"] = url;
        await using var app = await StartAsync(settings);

        var text = Welcome.Text(ListenUrl.ToCall(app.Urls.First()), file: null, app.Services.Settings());

        var address = $"https://127.0.0.1:{new UriBuilder(app.Urls.Single()).Port}";
        Assert.StartsWith($"Switchboard answers at {address}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"  base URL   {address}/v1", text, StringComparison.Ordinal);
        Assert.Contains($"  curl -k -N {address}/v1/chat/completions ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Services.GetFakeLogCollector().GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Https_WrongPassword_EndsTheStart()
    {
        using var certificate = Certificate();
        var settings = Settings(certificate, "pfx");
        settings["Kestrel:Endpoints:Https:Certificate:Password"] = "another";

        await Assert.ThrowsAnyAsync<CryptographicException>(() => StartAsync(settings));
    }

    [Theory]
    [InlineData("Url", "8443")]
    [InlineData("Url", "https://127.0.0.1:99999")]
    [InlineData("Url", null)]
    [InlineData("Certificate:KeyPath", null)]
    [InlineData("Certificate:KeyPath", "other.pem")]
    [InlineData("Certificate:Path", null)]
    public async Task Https_EndpointThatCannotBe_EndsTheStartAsOne(string name, string? value)
    {
        using var certificate = Certificate();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = Settings(certificate, "pem");
        File.WriteAllText(Path.Combine(_folder.FullName, "other.pem"), other.ExportPkcs8PrivateKeyPem());
        settings[$"Kestrel:Endpoints:Https:{name}"] = name.EndsWith("Path", StringComparison.Ordinal) && value is not null ? Path.Combine(_folder.FullName, value) : value;
        if (name is "Certificate:Path")
        {
            settings["Kestrel:Endpoints:Https:Certificate:Subject"] = "no such subject";
        }

        await Assert.ThrowsAsync<EndpointException>(() => StartAsync(settings));
    }

    // By systemd, which takes any other end for a crash, and starts it again.
    [Fact]
    public async Task Start_ToldToEndMeanwhile_IsNoFailure()
    {
        using var certificate = Certificate();
        await using var app = LocalHostApp.Build("http://127.0.0.1:0", Settings(certificate, "pfx"));
        app.Lifetime.StopApplication();

        Assert.False(await LocalHostApp.StartAsync(app));
    }

    [Theory]
    [InlineData("KillSignal", "SIGTERM")]
    [InlineData("DynamicUser", "yes")]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("Restart", "on-failure")]
    public void Unit_Setting_IsSaid(string name, string value) => Assert.Equal(value, UnitSetting(name));

    [Fact]
    public void Unit_TimeToStop_IsLongerThanWhatTheAppTakes() =>
        // The host waits 30 s for what runs, whatever Limits:Drain says.
        Assert.True(int.Parse(UnitSetting("TimeoutStopSec"), System.Globalization.CultureInfo.InvariantCulture) > 30);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string UnitSetting(string name) => Assert.Single(Setting().Matches(Unit), setting => setting.Groups["name"].Value == name).Groups["value"].Value;

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings)
    {
        var app = LocalHostApp.Build("http://127.0.0.1:0", settings, builder => builder.Logging.AddFakeLogging());
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private Dictionary<string, string?> Settings(X509Certificate2 certificate, string form)
    {
        var path = Path.Combine(_folder.FullName, $"certificate.{form}");
        var key = Path.Combine(_folder.FullName, "key.pem");
        if (form == "pfx")
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, Password));
        }
        else
        {
            File.WriteAllText(path, certificate.ExportCertificatePem());
            File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        return new()
        {
            ["Access:ApiKeys:0"] = TestHost.Key,
            ["Models:0:Id"] = "demo",
            ["Models:0:Simulated:Delay"] = "00:00:00",
            ["Logging:LogLevel:Default"] = "None",
            ["Kestrel:Endpoints:Https:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Https:Certificate:Path"] = path,
            ["Kestrel:Endpoints:Https:Certificate:Password"] = form == "pfx" ? Password : null,
            ["Kestrel:Endpoints:Https:Certificate:KeyPath"] = form == "pem" ? key : null,
        };
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    [GeneratedRegex(@"^(?<name>\w+)=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
