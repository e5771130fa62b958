namespace Switchboard.Tests.Vault;

public sealed class LocalHostProcessTests
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Access__KeyVault__ClientId")]
    [InlineData("AZURE_CLIENT_ID")]
    public async Task Start_OnAFunctionsAppsIdentity_LoadsTheKeysWithDefaultAzureCredential(string clientIdSetting)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The certificate is made trusted by SSL_CERT_FILE, which only OpenSSL reads.");
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion(VaultRig.Secret, "v1", "key-1-4f8b2d6a9c0e7315"));
        await using var identity = await StandInIdentity.StartAsync();
        await using var proxy = await StandInProxy.StartAsync(vault.Port);
        var certificate = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(certificate, StandInVault.CertificatePem, Cancelled);
            using var host = await LocalHostProcess.StartAsync(new Dictionary<string, string>
            {
                ["Access__KeyVault__Uri"] = StandInVault.Uri.AbsoluteUri,
                [clientIdSetting] = ClientId,
                ["Models__0__Id"] = "demo",
                ["IDENTITY_ENDPOINT"] = identity.Endpoint,
                ["IDENTITY_HEADER"] = StandInIdentity.Header,
                ["HTTPS_PROXY"] = proxy.Address,
                ["SSL_CERT_FILE"] = certificate,
            });
            await host.WaitForAsync("is accepted from now on");

            Assert.Equal((200, 401), (await StatusAsync(host, "key-1-4f8b2d6a9c0e7315"), await StatusAsync(host, "key-2-4f8b2d6a9c0e7315")));

            var asked = Assert.Single(identity.Requests);
            Assert.Equal(("https://vault.azure.net", ClientId), (asked["resource"].ToString(), asked["client_id"].ToString()));
            Assert.DoesNotContain("key-1-4f8b2d6a9c0e7315", host.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    [Fact]
    public async Task Start_WithoutVaultAndTranscripts_LoadsNoAzureAssembly()
    {
        // An assembly that is not there is the one that can't have been loaded.
        var folder = Directory.CreateTempSubdirectory("switchboard-test-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsNeeded))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            var settings = new Dictionary<string, string> { ["Access__ApiKeys__0"] = "key-1-4f8b2d6a9c0e7315", ["Models__0__Id"] = "demo", ["Transcripts__InMemory"] = "false" };
            using (var host = await LocalHostProcess.StartAsync(settings, folder.FullName))
            {
                Assert.Equal((200, 401), (await StatusAsync(host, "key-1-4f8b2d6a9c0e7315"), await StatusAsync(host, "key-2-4f8b2d6a9c0e7315")));
                Assert.Equal((404, 404), (await StatusAsync(host, "key-1-4f8b2d6a9c0e7315", "/calls"), await StatusAsync(host, "key-1-4f8b2d6a9c0e7315", "/calls/call-1")));
                Assert.Contains("[DONE]", await TurnAsync(host, "key-1-4f8b2d6a9c0e7315"), StringComparison.Ordinal);
            }

            settings["Transcripts__ConnectionString"] = "UseDevelopmentStorage=true";
            var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalHostProcess.StartAsync(settings, folder.FullName));
            Assert.Contains("Could not load file or assembly 'Azure.Data.Tables", missing.Message, StringComparison.Ordinal);

            settings.Remove("Transcripts__ConnectionString");
            settings["Access__KeyVault__Uri"] = StandInVault.Uri.AbsoluteUri;
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalHostProcess.StartAsync(settings, folder.FullName));
            Assert.Contains("Could not load file or assembly 'Azure.", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // Without LocalHost.deps.json, which would name the missing ones.
        static bool IsNeeded(string file) => Path.GetFileName(file) is var name
            && (name.EndsWith(".dll", StringComparison.Ordinal) || name == "LocalHost.runtimeconfig.json")
            && !name.StartsWith("Azure.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Identity", StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(LocalHostProcess host, string key, string path = "/v1/models")
    {
        using var client = Client(host, key);
        using var response = await client.GetAsync(path, Cancelled);
        return (int)response.StatusCode;
    }

    private static async Task<string> TurnAsync(LocalHostProcess host, string key)
    {
        using var client = Client(host, key);
        using var response = await client.PostAsync("/v1/chat/completions", Json.Content(Json.Request()), Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private static HttpClient Client(LocalHostProcess host, string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }
}
