using System.Text.Json.Nodes;
using Switchboard.Tools;

namespace Switchboard.Tests.Tools;

public sealed class McpSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"],"minLength":1,"enum":["x",null]},"b":true,"c":{}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"anyOf":[{"type":"number","minimum":-1.5},{"type":"null"}]},"maxItems":2.0}}}""")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"pair":{"type":"array","items":[{"type":"string"},true]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/a~1b%20c~0"}},"$defs":{"a/b c~":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/x-parts/0"}},"x-parts":[{"type":"string"}]}""")]
    [InlineData("""{"type":"object","properties":{"tree":{"$ref":"#/$defs/node"}},"$defs":{"node":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/node"}},"root":{"$ref":"#"}}}}}""")]
    [InlineData("""{"type":"object","properties":{"type":{"type":"string"},"$ref":{"type":"string"},"required":{"type":"boolean"}},"default":{"type":7},"x-unknown":{"type":7}}""")]
    public void Failure_SchemaIsGood_IsNone(string schema) => Assert.Null(Failure(schema));

    [Theory]
    [InlineData("""{"type":"array"}""", "is not of type object")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"text"}}}""", "has an invalid type")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string",7]}}}""", "has an invalid type")]
    [InlineData("""{"type":"object","properties":{"a":{"properties":{"b":null}}}}""", "has an invalid properties")]
    [InlineData("""{"type":"object","properties":{"a":{"items":"string"}}}""", "has an invalid items")]
    [InlineData("""{"type":"object","properties":{"a":{"items":[{"type":"string"},7]}}}""", "has an invalid items")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[]}}}""", "has an invalid anyOf")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":{"type":"string"}}}}""", "has an invalid anyOf")]
    [InlineData("""{"type":"object","properties":{"a":{"not":{"allOf":[{"enum":"x"}]}}}}""", "has an invalid enum")]
    [InlineData("""{"type":"object","$defs":{"a":{"required":[7]}}}""", "has an invalid required")]
    [InlineData("""{"type":"object","$defs":{"a":{"dependentRequired":{"b":"c"}}}}""", "has an invalid dependentRequired")]
    [InlineData("""{"type":"object","patternProperties":{"a":{"description":["x"]}}}""", "has an invalid description")]
    [InlineData("""{"type":"object","additionalProperties":"no"}""", "has an invalid additionalProperties")]
    [InlineData("""{"type":"object","properties":{"a":{"minLength":-1}}}""", "has an invalid minLength")]
    [InlineData("""{"type":"object","properties":{"a":{"maxLength":1.5}}}""", "has an invalid maxLength")]
    [InlineData("""{"type":"object","properties":{"a":{"minimum":"0"}}}""", "has an invalid minimum")]
    [InlineData("""{"type":"object","properties":{"a":{"uniqueItems":"yes"}}}""", "has an invalid uniqueItems")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/x-parts/0"}},"x-parts":[{"type":7}]}""", "has an invalid type")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/required"}},"required":[]}""", "has an invalid $ref")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":7}}}""", "has a $ref to a part that it does not have")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}}}""", "has a $ref to a part that it does not have")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"https://example.com/schema.json"}}}""", "has a $ref to a part that it does not have")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"file:///etc/passwd"}}}""", "has a $ref to a part that it does not have")]
    [InlineData("""{"type":"object","$ref":"#"}""", "refers to itself without end")]
    [InlineData("""{"type":"object","allOf":[{"$ref":"#"}]}""", "refers to itself without end")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/c"}]},"c":{"not":{"$ref":"#/$defs/b"}}}}""", "refers to itself without end")]
    public void Failure_SchemaIsBad_SaysWhy(string schema, string failure) => Assert.Equal(failure, Failure(schema));

    [Theory]
    [InlineData(McpLimits.SchemaDepth, null)]
    [InlineData(McpLimits.SchemaDepth + 1, "is nested more than 32 levels deep")]
    public void Failure_Deep_IsBounded(int depth, string? failure)
    {
        var schema = new JsonObject { ["type"] = "string" };
        for (var level = 1; level < depth; level++)
        {
            schema = new JsonObject { ["items"] = schema };
        }

        Assert.Equal(failure, McpSchema.Failure(new JsonObject { ["type"] = "object", ["additionalProperties"] = schema }));
    }

    [Theory]
    [InlineData(McpLimits.SchemaParts - 1, null)]
    [InlineData(McpLimits.SchemaParts, "has more than 1024 parts")]
    public void Failure_Wide_IsBounded(int parts, string? failure) =>
        Assert.Equal(failure, McpSchema.Failure(new JsonObject { ["type"] = "object", ["anyOf"] = new JsonArray([.. Enumerable.Range(0, parts).Select(_ => new JsonObject())]) }));

    [Fact]
    public void Failure_ChainOfReferences_IsFollowedToItsEnd()
    {
        static string Chain(string last)
        {
            var links = Enumerable.Range(0, 500).Select(index => $$"""
                "{{index}}":{"$ref":"#/$defs/{{index + 1}}"}
                """);
            return $$"""
                {"type":"object","$ref":"#/$defs/0","$defs":{ {{string.Join(',', links)}},"500":{{last}} } }
                """;
        }

        Assert.Null(Failure(Chain("{}")));
        Assert.Equal("has an invalid type", Failure(Chain("""{"type":7}""")));
        Assert.Equal("refers to itself without end", Failure(Chain("""{"$ref":"#"}""")));
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(60, "unfolds to more than 1024 parts")]
    public void Failure_ReferencesThatDouble_AreBounded(int levels, string? failure)
    {
        var doubled = Enumerable.Range(0, levels).Select(level => $$"""
            "{{level}}":{"allOf":[{"$ref":"#/$defs/{{level + 1}}"},{"$ref":"#/$defs/{{level + 1}}"}]}
            """);

        Assert.Equal(failure, Failure($$"""
            {"type":"object","$defs":{ {{string.Join(',', doubled)}},"{{levels}}":{} } }
            """));
    }

    private static string? Failure(string schema) => McpSchema.Failure(JsonNode.Parse(schema)!.AsObject());
}
