using System.Reflection;
using System.Text.Json;
using LocalHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Contract;

namespace FunctionsApp.Tests;

/// <summary>What the triggers promise the host.</summary>
public sealed class TriggerTests
{
    private static readonly Trigger[] All =
    [
        .. from method in typeof(Triggers).GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let http = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where http is not null
           select new Trigger(method, function.Name, http),
    ];

    [Fact]
    public async Task Triggers_AndLocalHost_ServeTheSameRoutesAndMethods()
    {
        await using var app = LocalHostApp.Build("http://127.0.0.1:0", new Dictionary<string, string?> { ["Models:0:Id"] = "demo" });
        var served = app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .Concat(((IEndpointRouteBuilder)app).DataSources)
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => (method, endpoint.RoutePattern.RawText!.TrimStart('/'))))
            .Distinct()
            .Order();

        // LocalHost takes several slashes in a row for one before it looks for a route.
        Assert.Equal(
            All.Where(trigger => trigger.Http.Route != Routes.EmptyPart)
                .SelectMany(trigger => trigger.Http.Methods!.Select(method => (method.ToUpperInvariant(), trigger.Http.Route!)))
                .Order(),
            served);
    }

    [Fact]
    public void Triggers_AuthLevel_IsAnonymousBecauseTheBearerCheckGuards() =>
        Assert.All(All, trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.Http.AuthLevel));

    [Fact]
    public void Triggers_Route_MayNotStartWithWhatTheHostReserves() =>
        Assert.All(All, trigger =>
        {
            Assert.False(trigger.Http.Route!.StartsWith("admin", StringComparison.OrdinalIgnoreCase));
            Assert.False(trigger.Http.Route!.StartsWith("runtime", StringComparison.OrdinalIgnoreCase));
            Assert.False(trigger.Http.Route!.StartsWith('/'));
        });

    [Fact]
    public void Triggers_Name_IsThatOfTheMethod() => Assert.All(All, trigger => Assert.Equal(trigger.Method.Name, trigger.Name));

    [Fact]
    public void HostJson_OfTheRepository_HasNoRoutePrefixAndExportsOpenTelemetry()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(PublishedWorker.Folder, "host.json")));

        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal("OpenTelemetry", host.RootElement.GetProperty("telemetryMode").GetString());
        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public void Sample_Values_RunWithAzuriteOnTheIsolatedWorker()
    {
        var sample = LocalSettings.Find(Path.GetDirectoryName(typeof(TriggerTests).Assembly.Location)!)!;

        Assert.Equal("UseDevelopmentStorage=true", sample.Values["AzureWebJobsStorage"]);
        Assert.Equal("dotnet-isolated", sample.Values["FUNCTIONS_WORKER_RUNTIME"]);
    }

    private sealed record Trigger(MethodInfo Method, string Name, HttpTriggerAttribute Http);
}
