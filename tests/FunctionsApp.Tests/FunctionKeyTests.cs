using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;

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
        new FunctionKeys(Options.Create(new SwitchboardOptions { Access = { RequireFunctionKey = isRequired } })).Transform(functions);

        Assert.Equal(
            functions.Select(function => $"{function.Name} {(isRequired && function.Name is not ("Live" or "Ready") ? "Function" : "Anonymous")}"),
            functions.Select(function => $"{function.Name} {Level(function)}"));
        Assert.Contains(functions, function => function.Name == "ChatCompletionsV1");
    }

    [Fact]
    public void Metadata_ThatCannotBeRead_StopsTheStart()
    {
        var keys = new FunctionKeys(Options.Create(new SwitchboardOptions { Access = { RequireFunctionKey = true } }));

        Assert.Throws<InvalidOperationException>(() => keys.Transform([new DefaultFunctionMetadata { Name = "Calls" }]));
        Assert.ThrowsAny<JsonException>(() => keys.Transform([new DefaultFunctionMetadata { Name = "Calls", RawBindings = ["{"] }]));
    }

    private static string? Level(IFunctionMetadata function) => function.RawBindings!
        .Select(binding => JsonDocument.Parse(binding).RootElement)
        .Where(binding => string.Equals(binding.GetProperty("type").GetString(), "httpTrigger", StringComparison.OrdinalIgnoreCase))
        .SelectMany(binding => binding.EnumerateObject())
        .Single(property => property.Name.Equals("authLevel", StringComparison.OrdinalIgnoreCase))
        .Value.GetString();
}
