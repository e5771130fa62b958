using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Switchboard.Hosting;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Tools;
using Switchboard.Transcripts;
using Switchboard.Turn;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard.Tests.Hosting;

/// <summary>The order in which what runs beside the turns is started.</summary>
public sealed class StartOrderTests
{
    [Fact]
    public void HostedServices_OfEveryFeature_StartInTheirOrder()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:KeyVault:Uri"] = "https://vault.example/",
            ["Models:0:Id"] = "demo",
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Upstreams:0:BaseUrl"] = "http://127.0.0.1:9/v1",
            ["Models:0:Tools:Mcp:0:Url"] = "http://127.0.0.1:9/mcp",
            ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true",
        }).Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwitchboard(configuration);
        using var host = builder.Build();

        Assert.Equal(
            // The models name the secrets that the vault is to bring, and the log says where keys come from before it says what became of them.
            [typeof(SettingsNotice), typeof(TurnDrain), typeof(ModelStart), typeof(AccessNotice), typeof(VaultRefresh), typeof(UpstreamWarmup), typeof(McpJoin), typeof(TranscriptWriter), typeof(TranscriptSweep)],
            host.Services.GetServices<IHostedService>().Select(service => service.GetType()).Where(type => type.Assembly == typeof(SwitchboardServices).Assembly && !type.IsNested));
    }
}
