using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Hosting;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Transcripts;
using Switchboard.Vault;

namespace Switchboard.Tests.Hosting;

/// <summary>What a program sets after <c>AddSwitchboard</c> counts as if it had been there before.</summary>
public sealed class LateSettingsTests
{
    private static readonly Dictionary<string, string?> Late = new()
    {
        ["Access:ApiKeys:0"] = TestHost.Key,
        ["Access:KeyVault:Uri"] = "https://vault.example/",
        ["Models:0:Id"] = "late",
        ["Models:0:Responder"] = "upstream",
        ["Models:0:Upstreams:0:BaseUrl"] = "http://127.0.0.1:9/v1",
        ["Models:0:Upstreams:0:ApiKeySecret"] = "secret-of-the-upstream",
        ["Models:0:Tools:Mcp:0:Url"] = "http://127.0.0.1:9/mcp",
        ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true",
    };

    [Fact]
    public void Settings_OfASourceThatIsAddedLater_Count()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:0:Id", "early")]);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(Late);

        AssertEverything(builder);
    }

    [Fact]
    public void Settings_OfConfigureCalls_Count()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Services.Configure<SwitchboardOptions>(options => new ConfigurationBuilder().AddInMemoryCollection(Late).Build().Bind(options));

        AssertEverything(builder);
    }

    [Fact]
    public void Settings_ThatALaterSourceTakesBack_DoNotCount()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(Late);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Services.Configure<SwitchboardOptions>(options =>
        {
            options.Access.KeyVault.Uri = null;
            options.Transcripts.ConnectionString = null;
            options.Models.Clear();
            options.Models.Add(new ModelOptions { Id = "simple" });
        });

        using var app = builder.Build();

        Assert.Equal(["simple"], app.Services.GetRequiredService<ModelCatalog>().Ids);
        Assert.Null(app.Services.GetService<VaultRefresh>());
        Assert.Null(app.Services.GetRequiredService<AccessControl>().PlatformSecret);
        Assert.Null(app.Services.GetService<Transcriber>());
        Assert.Null(app.Services.GetService<StoredCalls>());
        Assert.Equal(["AccessNotice", "ModelStart", "SettingsNotice", "TurnDrain"], Features(app));
    }

    [Fact]
    public void Settings_BadOnesOfALaterSource_StopTheStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:0:Id", "demo")]);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Configuration.AddInMemoryCollection([new("Limits:MaxMessages", "many")]);

        using var app = builder.Build();

        Assert.Equal(["Limits:MaxMessages: expected a number, found many."], Assert.Throws<OptionsValidationException>(app.Services.GetRequiredService<HttpRoutes>).Failures);
    }

    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    public void Exporter_OfASourceThatIsAddedLater_StopsTheStart(string variable)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Models:0:Id", "demo")]);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Services.AddSwitchboardTelemetry(builder.Configuration);
        builder.Configuration.AddInMemoryCollection([new(variable, "set")]);

        using var app = builder.Build();

        Assert.Equal(
            [$"{variable}: its source was added after AddSwitchboardTelemetry; add it before that call."],
            Assert.Throws<OptionsValidationException>(app.Services.GetRequiredService<ModelCatalog>).Failures);
    }

    [Fact(Timeout = 60_000)]
    public async Task StartLate_ServiceThatFails_EndsTheAppAsAnyOtherDoes()
    {
        var isOn = false;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedWhere(_ => isOn, _ => new FailingService());
        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        isOn = true;
        await OptionalServices.StartLateAsync(app.Services.GetServices<IHostedService>(), TestContext.Current.CancellationToken);
        await app.WaitForShutdownAsync(TestContext.Current.CancellationToken);

        Assert.Contains(nameof(InvalidDataException), app.Failure(), StringComparison.Ordinal);
    }

    private static void AssertEverything(HostApplicationBuilder builder)
    {
        using var app = builder.Build();

        Assert.Equal(["late"], app.Services.GetRequiredService<ModelCatalog>().Ids);
        Assert.NotNull(app.Services.GetService<VaultRefresh>());
        Assert.NotNull(app.Services.GetRequiredService<AccessControl>().PlatformSecret);
        Assert.NotNull(app.Services.GetService<Transcriber>());
        Assert.NotNull(app.Services.GetService<StoredCalls>());
        Assert.Equal(["AccessNotice", "McpJoin", "ModelStart", "SettingsNotice", "TranscriptSweep", "TranscriptWriter", "TurnDrain", "UpstreamWarmup", "VaultRefresh"], Features(app));
        Assert.Contains(app.Services.GetRequiredService<VaultLoads>().Secrets, secret => secret.Secret == "secret-of-the-upstream");
    }

    // What is started, without what only stands in the place of a feature that is off.
    private static IEnumerable<string> Features(IHost app) => app.Services.GetServices<IHostedService>()
        .Where(service => service.GetType() is { Namespace: var space, IsNested: false } && space!.StartsWith(nameof(Switchboard), StringComparison.Ordinal))
        .Select(service => service.GetType().Name)
        .Order(StringComparer.Ordinal);

    private sealed class FailingService : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.FromException(new InvalidDataException());
    }
}
