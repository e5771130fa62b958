namespace Switchboard.Tests.Hosting;

/// <summary>A secret in <c>switchboard.json</c> is refused, with what to write in the place of it; what is none is taken.</summary>
public sealed class SettingsSecretsTests : SettingsFileFolder
{
    [Theory]
    [InlineData("a task-force-of-the-2020s and sk-2", false)]
    [InlineData("Ask-for-the-room-number-of-2026 first", false)]
    [InlineData("call sk-proj-0123456789abcdef first", true)]
    public void Options_ATextWithAKey_IsRefused(string text, bool isRefused)
    {
        Write("a.md", text);
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "simulated", "PromptFile": "a.md" } ] }""");

        Assert.Equal(isRefused, Failures(new() { ["Limits:MaxMessages"] = "many" }).Any(failure => failure == "Models:0:PromptFile: a.md: it holds what looks like a key, and it is published with the app. (switchboard.json, line 1)"));
    }

    [Theory]
    [InlineData("""{ "Access": { "ApiKeys": ["SECRET"] } }""", "Access:ApiKeys", "Access__ApiKeys__0")]
    [InlineData("""{ "access": { "apikeys": ["SECRET"] } }""", "Access:ApiKeys", "Access__ApiKeys__0")]
    [InlineData("""{ "Access": { "ApiKeys": { "0": "SECRET" } } }""", "Access:ApiKeys", "Access__ApiKeys__0")]
    [InlineData("""{ "Access": { "ApiKeys": "SECRET" } }""", "Access:ApiKeys", "Access__ApiKeys__0")]
    [InlineData("""{ "Access": { "OperatorKeys": ["SECRET"] } }""", "Access:OperatorKeys", "Access__OperatorKeys__0")]
    [InlineData("""{ "Access": { "CallbackTokens": ["SECRET"] } }""", "Access:CallbackTokens", "Access__CallbackTokens__0")]
    [InlineData("""{ "Transcripts": { "ConnectionString": "SECRET" } }""", "Transcripts:ConnectionString", "Transcripts:TableServiceUri")]
    [InlineData("""{ "Models": [ { "Id": "a", "Upstreams": [ { "ApiKey": "SECRET" } ] } ] }""", "Models:0:Upstreams:0:ApiKey", "ApiKeySecret")]
    [InlineData("""{ "Models": { "a": { "Upstreams": [ { "APIKEY": "SECRET" } ] } } }""", "Models", "expected a list")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Headers": [ { "Name": "x", "Value": "SECRET" } ] } ] } ] }""", "Models:0:Upstreams:0:Headers:0:Value", "Secret")]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "ApiKey": "SECRET" } ] } } ] }""", "Models:0:Tools:Mcp:0:ApiKey", "ApiKeySecret")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://me:SECRET@up.example/v1" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "password")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/v1?api-key=SECRET" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "the parameter api-key")]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "Url": "https://mcp.example/?a=1&access_token=SECRET" } ] } } ] }""", "Models:0:Tools:Mcp:0:Url", "the parameter access_token")]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "Url": "https://mcp.example/?subscriptionKey=SECRET" } ] } } ] }""", "Models:0:Tools:Mcp:0:Url", "the parameter subscriptionKey")]
    [InlineData("""{ "Transcripts": { "TableServiceUri": "https://st.example/?sv=1&sig=SECRET" } }""", "Transcripts:TableServiceUri", "the parameter sig")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "a": { "api_key": "SECRET" } } } ] } ] }""", "Models:0:Upstreams:0:Body:a:api_key", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": "{\"token\":\"SECRET\"}" } ] } ] }""", "Models:0:Upstreams:0:Body:token", "header")]
    [InlineData("""{ "Models": [ { "Agora": { "TtsParams": { "params": [ { "apiKey": "SECRET" } ] } } } ] }""", "Models:0:Agora:TtsParams:params:apiKey", "Models__0__Agora__TtsParams")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "ApiKeySecret": "sk-proj-SECRET" } ] } ] }""", "Models:0:Upstreams:0:ApiKeySecret", "the name of a secret")]
    [InlineData("""{ "OpenAI": { "ApiKey": "SECRET" } }""", "OpenAI", "environment")]
    [InlineData("""{ "APPLICATIONINSIGHTS_CONNECTION_STRING": "SECRET" }""", "APPLICATIONINSIGHTS_CONNECTION_STRING", "environment")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "accesstoken": "SECRET" } } ] } ] }""", "Models:0:Upstreams:0:Body:accesstoken", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "secretkey": ["SECRET"] } } ] } ] }""", "Models:0:Upstreams:0:Body:secretkey", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "bearer": "SECRET" } } ] } ] }""", "Models:0:Upstreams:0:Body:bearer", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "JWT": "SECRET" } } ] } ] }""", "Models:0:Upstreams:0:Body:JWT", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "passwd": "SECRET" } } ] } ] }""", "Models:0:Upstreams:0:Body:passwd", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "a": ["sk-SECRET-0123456789"] } } ] } ] }""", "Models:0:Upstreams:0:Body:a", "looks like a key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/v1?accesstoken=SECRET" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "the parameter accesstoken")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/v1#key=SECRET" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "the parameter key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/sk-SECRET-0123456789/v1" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "looks like a key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Model": "sk-SECRET-0123456789" } ] } ] }""", "Models:0:Upstreams:0:Model", "Models__0__Upstreams__0__ApiKey")]
    [InlineData("""{ "Models": [ { "Prompt": "Ask with Bearer eyJhbGciOiJIUzI1NiJ9.eyJSECRETIiOiIxIn0.c2ln when asked." } ] }""", "Models:0:Prompt", "looks like a key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "PromptCacheKey": "AIzaSECRET0123456789012345678901234567" } ] } ] }""", "Models:0:Upstreams:0:PromptCacheKey", "looks like a key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "ApiKeySecret": "0123456789abcdef0123456789ABCDEF" } ] } ] }""", "Models:0:Upstreams:0:ApiKeySecret", "the name of a secret")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "ApiKeySecret": "SECRET0123456789SECRET0123456789SECRET0123456789SECRET0123456789SECRET01234567890123" } ] } ] }""", "Models:0:Upstreams:0:ApiKeySecret", "the name of a secret")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "ApiKeySecret": "SECRET/0123456789+abcdefghijklmnop==" } ] } ] }""", "Models:0:Upstreams:0:ApiKeySecret", "looks like a key itself")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "user_token": "SECRET0123456789abcdef" } } ] } ] }""", "Models:0:Upstreams:0:Body:user_token", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "password": 1234 } } ] } ] }""", "Models:0:Upstreams:0:Body:password", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "Body": { "client": { "secret": [ 1234 ] } } } ] } ] }""", "Models:0:Upstreams:0:Body:client:secret", "header")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/0123456789abcdef0123456789ABCDEF/v1" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "looks like a key")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://up.example/v1?u=0123456789abcdef0123456789ABCDEF" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "looks like a key")]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "Url": "https://mcp.example/s/SECRET0123456789SECRET0123456789SECRET0123456789/mcp" } ] } } ] }""", "Models:0:Tools:Mcp:0:Url", "looks like a key")]
    [InlineData("""{ "Access": "SECRET" }""", "Access", "settings below this name, found a value")]
    public void Options_ASecret_IsRefusedByItsNameWithWhatToWriteInstead(string text, string key, string instead)
    {
        Write("switchboard.json", text);

        var failures = Failures([]);

        Assert.Contains(failures, failure => failure.StartsWith(key, StringComparison.Ordinal) && failure.Contains(instead, StringComparison.Ordinal));
        Assert.DoesNotContain(failures, failure => failure.Contains("SECRET", StringComparison.Ordinal));
    }

    // What would stop the next start is not suggested.
    [Theory]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "Headers": [ { "Name": "x", "Value": "SECRET" } ] } ] } } ] }""", "Models:0:Tools:Mcp:0:Headers:0:Value", "Models__0__Tools__Mcp__0__ApiKey", "Headers__0")]
    [InlineData("""{ "Models": [ { "Upstreams": [ { "BaseUrl": "https://me:SECRET@up.example/v1" } ] } ] }""", "Models:0:Upstreams:0:BaseUrl", "Models__0__Upstreams__0__ApiKey", "BaseUrl")]
    [InlineData("""{ "Models": [ { "Tools": { "Mcp": [ { "Url": "https://me:SECRET@mcp.example/" } ] } } ] }""", "Models:0:Tools:Mcp:0:Url", "Models__0__Tools__Mcp__0__ApiKey", "__Url")]
    [InlineData("""{ "Transcripts": { "TableServiceUri": "https://st.example/?sv=1&sig=SECRET" } }""", "Transcripts:TableServiceUri", "Transcripts__ConnectionString", "ApiKeySecret")]
    [InlineData("""{ "Transcripts": { "TableServiceUri": "https://me:SECRET@st.example/" } }""", "Transcripts:TableServiceUri", "Transcripts__ConnectionString", "__TableServiceUri")]
    [InlineData("""{ "Access": { "KeyVault": { "Uri": "https://v.example/?sig=SECRET" } } }""", "Access:KeyVault:Uri", "leave it out", " set ")]
    [InlineData("""{ "Models": [ { "Promt": "sk-SECRET-0123456789" } ] }""", "Models:0:Promt", "ApiKeySecret", "__")]
    [InlineData("""{ "Models": [ { "Id": "sk-SECRET-0123456789" } ] }""", "Models:0:Id", "ApiKeySecret", "__")]
    [InlineData("""{ "Models": [ { "Responder": "sk-SECRET-0123456789" } ] }""", "Models:0:Responder", "ApiKeySecret", "__")]
    [InlineData("""{ "Limits": { "Name": "sk-SECRET-0123456789" } }""", "Limits:Name", "leave it out", "__")]
    public void Options_ASecret_SuggestsOnlyWhatIsTaken(string text, string key, string instead, string never)
    {
        Write("switchboard.json", text);

        var failure = Assert.Single(Failures([]), failure => failure.StartsWith($"{key}: a secret must not stand", StringComparison.Ordinal));

        Assert.Contains(instead, failure, StringComparison.Ordinal);
        Assert.DoesNotContain(never, failure[(key.Length + 1)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "BaseUrl": "https://up.example/v1", "Body": { "language_code": "en-US", "eos_token": "</s>", "pad_token_id": 0, "sort_key": "name", "max_tokens": 5 } }""")]
    [InlineData("""{ "BaseUrl": "https://up.example/v1", "Body": { "auth": true, "password_length": 12 } }""")]
    [InlineData("""{ "BaseUrl": "https://up.example/v1/0c5e6a1e-5f5c-4f0e-9d57-0123456789ab/gpt-5-4-mini-2026-03-05-of-the-reception-0123456789?api-version=2026-01-01&language_code=en" }""")]
    // An account's id, which is no secret.
    [InlineData("""{ "BaseUrl": "https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/v1" }""")]
    public void Options_WhatIsNoSecret_IsTaken(string upstream)
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ UPSTREAM ] } ] }""".Replace("UPSTREAM", upstream, StringComparison.Ordinal));

        Assert.Single(Bind([]).Models);
    }

    // It stays where it stands: others are told by their own index, and it is not missing.
    [Fact]
    public void Options_ASecretInAList_IsToldOnceAndMovesNothing()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://me:SECRET@up.example/v1" }, { "BaseUrl": "up.example/v1" } ] } ] }""");

        var failures = Failures([]);

        Assert.Collection(
            failures,
            failure => Assert.StartsWith("Models:0:Upstreams:0:BaseUrl: a secret must not stand", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("Models:0:Upstreams:1:BaseUrl: expected an absolute", failure, StringComparison.Ordinal));
    }
}
