using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Switchboard;

namespace FunctionsApp.Tests;

/// <summary>What the worker tells the host of keys: the host looks at its own before it reads a body.</summary>
public sealed class FunctionKeyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_OfEveryTrigger_DemandsAKeyWhereTheSettingsDo(bool isRequired)
    {
        IList<IFunctionMetadata> functions = [.. await new GeneratedFunctionMetadataProvider().GetFunctionMetadataAsync(PublishedWorker.Folder)];
        using var app = Keys(isRequired, out var keys);
        keys.Transform(functions);

        Assert.Equal(
            functions.Select(function => $"{function.Name} {(isRequired && function.Name is not ("Live" or "Ready") ? "Function" : "Anonymous")}"),
            functions.Select(function => $"{function.Name} {Level(function)}"));
        Assert.Contains(functions, function => function.Name == "ChatCompletionsV1");
    }

    [Fact]
    public void Metadata_ThatCannotBeRead_StopsTheStart()
    {
        using var app = Keys(isRequired: true, out var keys);

        Assert.Throws<InvalidOperationException>(() => keys.Transform([new DefaultFunctionMetadata { Name = "Calls" }]));
        Assert.ThrowsAny<JsonException>(() => keys.Transform([new DefaultFunctionMetadata { Name = "Calls", RawBindings = ["{"] }]));
    }

    private static ServiceProvider Keys(bool isRequired, out FunctionKeys keys)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Models:0:Id", "demo"), new("Access:RequireFunctionKey", isRequired.ToString())]).Build();
        var app = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();
        keys = ActivatorUtilities.CreateInstance<FunctionKeys>(app);
        return app;
    }

    private static string? Level(IFunctionMetadata function) => function.RawBindings!
        .Select(binding => JsonDocument.Parse(binding).RootElement)
        .Where(binding => string.Equals(binding.GetProperty("type").GetString(), "httpTrigger", StringComparison.OrdinalIgnoreCase))
        .SelectMany(binding => binding.EnumerateObject())
        .Single(property => property.Name.Equals("authLevel", StringComparison.OrdinalIgnoreCase))
        .Value.GetString();
}
