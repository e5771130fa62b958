using System.Reflection;
using System.Text.Json;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsApp.Tests;

/// <summary>What can be known of the shell without the worker packages.</summary>
public sealed class ShellTests
{
    private static readonly Trigger[] Triggers =
    [
        .. from type in typeof(ChatCompletionsFunction).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let http = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where http is not null
           select new Trigger(type, method, function.Name, http),
    ];

    [Fact]
    public async Task Triggers_AndLocalHost_ServeTheSameRoutesAndMethods()
    {
        await using var app = Build();
        var served = app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .Concat(((IEndpointRouteBuilder)app).DataSources)
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => (method, endpoint.RoutePattern.RawText!.TrimStart('/'))))
            .Distinct()
            .Order();

        Assert.Equal(
            Triggers.SelectMany(trigger => trigger.Http.Methods.Select(method => (method.ToUpperInvariant(), trigger.Http.Route!))).Order(),
            served);
    }

    [Fact]
    public void Triggers_AuthLevel_IsAnonymousBecauseTheBearerCheckGuards() =>
        Assert.All(Triggers, trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.Http.AuthLevel));

    [Fact]
    public void Triggers_Route_MayNotStartWithWhatTheHostReserves() =>
        Assert.All(Triggers, trigger =>
        {
            Assert.False(trigger.Http.Route!.StartsWith("admin", StringComparison.OrdinalIgnoreCase));
            Assert.False(trigger.Http.Route!.StartsWith("runtime", StringComparison.OrdinalIgnoreCase));
            Assert.False(trigger.Http.Route!.StartsWith('/'));
        });

    [Fact]
    public void Triggers_Name_IsUniqueAndThatOfItsClass()
    {
        Assert.Equal(Triggers.Length, Triggers.Select(trigger => trigger.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Triggers, trigger => Assert.Equal($"{trigger.Name}Function", trigger.Type.Name));
    }

    [Fact]
    public async Task Triggers_EveryClass_CanBeMadeByTheContainer()
    {
        await using var app = Build();
        Assert.All(Triggers, trigger =>
        {
            Assert.True(trigger.Type is { IsPublic: true, IsSealed: true });
            Assert.Equal(typeof(Task<IResult>), trigger.Method.ReturnType);
            Assert.NotNull(ActivatorUtilities.CreateInstance(app.Services, trigger.Type));
        });
    }

    [Fact]
    public void HostJson_OfTheRepository_HasNoRoutePrefixAndExportsOpenTelemetry()
    {
        var root = typeof(ShellTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "host.json")));

        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal("OpenTelemetry", host.RootElement.GetProperty("telemetryMode").GetString());
        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public void Sample_Values_RunWithAzuriteOnTheIsolatedWorker()
    {
        var sample = LocalSettings.Find(Path.GetDirectoryName(typeof(ShellTests).Assembly.Location)!)!;

        Assert.Equal("UseDevelopmentStorage=true", sample.Values["AzureWebJobsStorage"]);
        Assert.Equal("dotnet-isolated", sample.Values["FUNCTIONS_WORKER_RUNTIME"]);
    }

    private static WebApplication Build() =>
        LocalHostApp.Build("http://127.0.0.1:0", new Dictionary<string, string?> { ["Models:0:Id"] = "demo" });

    private sealed record Trigger(Type Type, MethodInfo Method, string Name, HttpTriggerAttribute Http);
}
