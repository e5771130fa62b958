namespace Switchboard.Tests.Transcripts;

/// <summary>The table service asked with the app's identity, by LocalHost in a process of its own.</summary>
public sealed class AppIdentityTests
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Transcripts__ClientId")]
    [InlineData("AZURE_CLIENT_ID")]
    public async Task List_OnAFunctionsAppsIdentity_IsReadWithDefaultAzureCredential(string clientIdSetting)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The certificate is made trusted by SSL_CERT_FILE, which only OpenSSL reads.");
        await using var tables = await StandInTables.StartAsync();
        await using var identity = await StandInIdentity.StartAsync();
        await using var proxy = await StandInProxy.StartAsync(tables.Port);
        var certificate = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(certificate, StandInTables.CertificatePem, Cancelled);
            using var host = await LocalHostProcess.StartAsync(new Dictionary<string, string>
            {
                ["Access__ApiKeys__0"] = "key-1-4f8b2d6a9c0e7315",
                ["Access__OperatorKeys__0"] = "operator-key-4f8b2d6a9c0e7315",
                ["Models__0__Id"] = "demo",
                ["Transcripts__TableServiceUri"] = $"https://{StandInTables.Host}/",
                [clientIdSetting] = ClientId,
                ["IDENTITY_ENDPOINT"] = identity.Endpoint,
                ["IDENTITY_HEADER"] = StandInIdentity.Header,
                ["HTTPS_PROXY"] = proxy.Address,
                ["SSL_CERT_FILE"] = certificate,
            });
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", "operator-key-4f8b2d6a9c0e7315");

            var list = await client.GetStringAsync("/calls?day=2026-11-24", Cancelled);

            Assert.Contains("\"instanceId\":\"call-1\"", list, StringComparison.Ordinal);
            Assert.Contains("\"actions\":[\"hangup\"]", list, StringComparison.Ordinal);
            Assert.Equal("GET /TranscriptsDays()", Assert.Single(tables.Requests));
            var asked = Assert.Single(identity.Requests);
            Assert.Equal(("https://storage.azure.com", ClientId), (asked["resource"].ToString(), asked["client_id"].ToString()));
        }
        finally
        {
            File.Delete(certificate);
        }
    }
}
