using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>The settings of a blob, with Azure's own client against Azurite.</summary>
public sealed class BlobSettingsTests : IAsyncLifetime
{
    private Azurite _azurite = null!;
    private BlobContainerClient _container = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartBlobsAsync();
        // A version that this Azurite knows.
        _container = new BlobContainerClient(_azurite.BlobConnectionString, "settings");
        await _container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Theory]
    [InlineData("hotel/", "hotel/")]
    [InlineData("hotel", "hotel/")]
    [InlineData("switchboard.json", "")]
    [InlineData("", "")]
    public async Task Start_ABlobIsThere_TakesThePlaceOfTheFile(string name, string folder)
    {
        await PutAsync($"{folder}prompts/hello.txt", "Hello from the blob.");
        await PutAsync($"{folder}switchboard.json", Say("""{ "SayFile": "prompts/hello.txt" }"""));
        await using var host = await StartAsync(name);

        Assert.Contains("Hello from the blob.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        var line = await host.WaitForLogAsync(700);
        Assert.EndsWith($"/settings/{folder}switchboard.json", line.GetStructuredStateValue("File"), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_OfABlobAndItsText_IsUsedAndABadOneIsNot()
    {
        await PutAsync("hello.txt", "One.");
        await PutAsync("switchboard.json", Say("""{ "SayFile": "hello.txt" }"""));
        await using var host = await StartAsync("switchboard.json");
        Assert.Contains("One.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);

        await PutAsync("hello.txt", "Two.");
        await host.WaitForLogAsync(701);
        Assert.Contains("Two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);

        await PutAsync("switchboard.json", "{");
        Assert.Contains("it is no JSON at line 1", (await host.WaitForLogAsync(702)).Message, StringComparison.Ordinal);
        Assert.Contains("Two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outage_OfTheStorage_KeepsWhatIsThere()
    {
        await PutAsync("switchboard.json", Say("""{ "Say": "One." }"""));
        await using var host = await StartAsync("switchboard.json");
        await host.WaitForLogAsync(700);

        await _azurite.StopAsync();
        Assert.Contains("stays in force", (await host.WaitForLogAsync(704)).Message, StringComparison.Ordinal);
        Assert.Contains("One.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);

        await _azurite.StartAsync();
        await host.WaitForLogAsync(705);
        await PutAsync("switchboard.json", Say("""{ "Say": "Two." }"""));
        await host.WaitForLogAsync(701);
        Assert.Contains("Two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "there is no such blob yet")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "magic" } ] }""", "The settings are wrong: Models:0:Responder: no such responder")]
    [InlineData("[]", "expected a JSON object")]
    public async Task Start_NoUsableBlob_IsToldAndThePublishedFileAnswersUntilThereIsOne(string? blob, string reason)
    {
        if (blob is not null)
        {
            await PutAsync("switchboard.json", blob);
        }

        await using var host = await StartAsync("switchboard.json");
        Assert.Contains(reason, (await host.WaitForLogAsync(706)).Message, StringComparison.Ordinal);
        Assert.Contains("Published.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);

        await PutAsync("switchboard.json", Say("""{ "Say": "At last." }"""));
        await host.WaitForLogAsync(701);
        Assert.Contains("At last.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    // It is looked for all the time, and was told at the start.
    [Fact(Timeout = 60_000)]
    public async Task Look_NoBlobYet_IsNoMistake()
    {
        var time = new WatchedTime();
        await using var host = await StartAsync("switchboard.json", time);
        await host.WaitForLogAsync(706);

        for (var looks = 0; looks < 4; looks++)
        {
            await time.WaitForTimerAsync(wait => wait == SettingsReload.BlobSettling || wait == TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Id.Id is 702 or 703);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Contains("Published.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    private static string Say(string rule) => $$"""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ {{rule}} ] } ] }""";

    private async Task PutAsync(string name, string text) => await _container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true, TestContext.Current.CancellationToken);

    private Task<SettingsHost> StartAsync(string name, TimeProvider? time = null)
    {
        var signed = _container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UnixEpoch.AddYears(100));
        var blob = new BlobUriBuilder(signed) { BlobName = name }.ToUri();
        return SettingsHost.StartAsync(
            Say("""{ "Say": "Published." }"""),
            settings: new Dictionary<string, string?> { ["Settings:BlobUri"] = blob.AbsoluteUri, ["Settings:RefreshInterval"] = "00:00:05" },
            services: services => services.AddSingleton(time ?? TimeProvider.System));
    }
}
