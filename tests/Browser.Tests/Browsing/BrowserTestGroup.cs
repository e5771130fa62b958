namespace Browser.Tests.Browsing;

/// <summary>One browser serves every class, one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTestGroup : ICollectionFixture<Chromium>
{
    internal const string Name = "Browser";
}
