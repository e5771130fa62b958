[assembly: AssemblyFixture(typeof(SharedAzurite))]
