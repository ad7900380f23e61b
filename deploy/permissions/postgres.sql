-- Databases and roles of geju, made by `geju permissions postgres`; may be run again at any time.
-- PostgreSQL 16 or newer.
-- Each role's password is a variable of psql:
--   psql -X -v ON_ERROR_STOP=1 -v geju_mediation_owner="$PG_PASSWORD_GEJU_MEDIATION_OWNER" ... -f postgres.sql
-- What a role may do with each table is put in order by `geju migrate`.

-- mediation
\connect postgres
SELECT 'CREATE ROLE "geju_mediation_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_mediation_owner') \gexec
SELECT 'ALTER ROLE "geju_mediation_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_mediation_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_mediation_owner', :'geju_mediation_owner') \gexec
SELECT 'CREATE ROLE "geju_mediation"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_mediation') \gexec
SELECT 'ALTER ROLE "geju_mediation" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_mediation' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_mediation', :'geju_mediation') \gexec
SELECT 'CREATE ROLE "geju_mediation_relay"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_mediation_relay') \gexec
SELECT 'ALTER ROLE "geju_mediation_relay" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_mediation_relay' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_mediation_relay', :'geju_mediation_relay') \gexec
SELECT 'CREATE ROLE "geju_mediation_auditor"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_mediation_auditor') \gexec
SELECT 'ALTER ROLE "geju_mediation_auditor" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_mediation_auditor' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_mediation_auditor', :'geju_mediation_auditor') \gexec
SELECT 'CREATE ROLE "geju_mediation_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_mediation_reader') \gexec
SELECT 'ALTER ROLE "geju_mediation_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_mediation_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_mediation_reader', :'geju_mediation_reader') \gexec
ALTER ROLE "geju_mediation_auditor" SET default_transaction_read_only = on;
ALTER ROLE "geju_mediation_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_mediation_owner', current_user) WHERE NOT pg_has_role('geju_mediation_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_mediation', current_user) WHERE NOT pg_has_role('geju_mediation', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_mediation" OWNER "geju_mediation_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_mediation') \gexec
ALTER DATABASE "geju_mediation" OWNER TO "geju_mediation_owner";
REVOKE ALL ON DATABASE "geju_mediation" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_mediation" TO "geju_mediation", "geju_mediation_relay", "geju_mediation_auditor", "geju_mediation_reader";
\connect "geju_mediation"
ALTER SCHEMA public OWNER TO "geju_mediation_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_mediation", "geju_mediation_relay", "geju_mediation_auditor", "geju_mediation_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_mediation_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_mediation";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_mediation_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_mediation";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_mediation" GRANT USAGE ON SCHEMAS TO "geju_mediation_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_mediation" GRANT SELECT ON TABLES TO "geju_mediation_reader";

-- aggregation
\connect postgres
SELECT 'CREATE ROLE "geju_aggregation_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_aggregation_owner') \gexec
SELECT 'ALTER ROLE "geju_aggregation_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_aggregation_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_aggregation_owner', :'geju_aggregation_owner') \gexec
SELECT 'CREATE ROLE "geju_aggregation"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_aggregation') \gexec
SELECT 'ALTER ROLE "geju_aggregation" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_aggregation' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_aggregation', :'geju_aggregation') \gexec
SELECT 'CREATE ROLE "geju_aggregation_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_aggregation_reader') \gexec
SELECT 'ALTER ROLE "geju_aggregation_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_aggregation_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_aggregation_reader', :'geju_aggregation_reader') \gexec
ALTER ROLE "geju_aggregation_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_aggregation_owner', current_user) WHERE NOT pg_has_role('geju_aggregation_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_aggregation', current_user) WHERE NOT pg_has_role('geju_aggregation', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_aggregation" OWNER "geju_aggregation_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_aggregation') \gexec
ALTER DATABASE "geju_aggregation" OWNER TO "geju_aggregation_owner";
REVOKE ALL ON DATABASE "geju_aggregation" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_aggregation" TO "geju_aggregation", "geju_aggregation_reader";
\connect "geju_aggregation"
ALTER SCHEMA public OWNER TO "geju_aggregation_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_aggregation", "geju_aggregation_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_aggregation_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_aggregation";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_aggregation_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_aggregation";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_aggregation" GRANT USAGE ON SCHEMAS TO "geju_aggregation_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_aggregation" GRANT SELECT ON TABLES TO "geju_aggregation_reader";

-- correction
\connect postgres
SELECT 'CREATE ROLE "geju_correction_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_correction_owner') \gexec
SELECT 'ALTER ROLE "geju_correction_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_correction_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_correction_owner', :'geju_correction_owner') \gexec
SELECT 'CREATE ROLE "geju_correction"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_correction') \gexec
SELECT 'ALTER ROLE "geju_correction" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_correction' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_correction', :'geju_correction') \gexec
SELECT 'CREATE ROLE "geju_correction_relay"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_correction_relay') \gexec
SELECT 'ALTER ROLE "geju_correction_relay" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_correction_relay' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_correction_relay', :'geju_correction_relay') \gexec
SELECT 'CREATE ROLE "geju_correction_auditor"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_correction_auditor') \gexec
SELECT 'ALTER ROLE "geju_correction_auditor" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_correction_auditor' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_correction_auditor', :'geju_correction_auditor') \gexec
SELECT 'CREATE ROLE "geju_correction_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_correction_reader') \gexec
SELECT 'ALTER ROLE "geju_correction_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_correction_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_correction_reader', :'geju_correction_reader') \gexec
ALTER ROLE "geju_correction_auditor" SET default_transaction_read_only = on;
ALTER ROLE "geju_correction_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_correction_owner', current_user) WHERE NOT pg_has_role('geju_correction_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_correction', current_user) WHERE NOT pg_has_role('geju_correction', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_correction" OWNER "geju_correction_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_correction') \gexec
ALTER DATABASE "geju_correction" OWNER TO "geju_correction_owner";
REVOKE ALL ON DATABASE "geju_correction" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_correction" TO "geju_correction", "geju_correction_relay", "geju_correction_auditor", "geju_correction_reader";
\connect "geju_correction"
ALTER SCHEMA public OWNER TO "geju_correction_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_correction", "geju_correction_relay", "geju_correction_auditor", "geju_correction_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_correction_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_correction";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_correction_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_correction";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_correction" GRANT USAGE ON SCHEMAS TO "geju_correction_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_correction" GRANT SELECT ON TABLES TO "geju_correction_reader";

-- legalservices
\connect postgres
SELECT 'CREATE ROLE "geju_legalservices_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalservices_owner') \gexec
SELECT 'ALTER ROLE "geju_legalservices_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalservices_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalservices_owner', :'geju_legalservices_owner') \gexec
SELECT 'CREATE ROLE "geju_legalservices"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalservices') \gexec
SELECT 'ALTER ROLE "geju_legalservices" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalservices' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalservices', :'geju_legalservices') \gexec
SELECT 'CREATE ROLE "geju_legalservices_relay"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalservices_relay') \gexec
SELECT 'ALTER ROLE "geju_legalservices_relay" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalservices_relay' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalservices_relay', :'geju_legalservices_relay') \gexec
SELECT 'CREATE ROLE "geju_legalservices_auditor"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalservices_auditor') \gexec
SELECT 'ALTER ROLE "geju_legalservices_auditor" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalservices_auditor' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalservices_auditor', :'geju_legalservices_auditor') \gexec
SELECT 'CREATE ROLE "geju_legalservices_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalservices_reader') \gexec
SELECT 'ALTER ROLE "geju_legalservices_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalservices_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalservices_reader', :'geju_legalservices_reader') \gexec
ALTER ROLE "geju_legalservices_auditor" SET default_transaction_read_only = on;
ALTER ROLE "geju_legalservices_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_legalservices_owner', current_user) WHERE NOT pg_has_role('geju_legalservices_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_legalservices', current_user) WHERE NOT pg_has_role('geju_legalservices', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_legalservices" OWNER "geju_legalservices_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_legalservices') \gexec
ALTER DATABASE "geju_legalservices" OWNER TO "geju_legalservices_owner";
REVOKE ALL ON DATABASE "geju_legalservices" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_legalservices" TO "geju_legalservices", "geju_legalservices_relay", "geju_legalservices_auditor", "geju_legalservices_reader";
\connect "geju_legalservices"
ALTER SCHEMA public OWNER TO "geju_legalservices_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_legalservices", "geju_legalservices_relay", "geju_legalservices_auditor", "geju_legalservices_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalservices_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_legalservices";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalservices_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_legalservices";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalservices" GRANT USAGE ON SCHEMAS TO "geju_legalservices_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalservices" GRANT SELECT ON TABLES TO "geju_legalservices_reader";

-- legalaid
\connect postgres
SELECT 'CREATE ROLE "geju_legalaid_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalaid_owner') \gexec
SELECT 'ALTER ROLE "geju_legalaid_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalaid_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalaid_owner', :'geju_legalaid_owner') \gexec
SELECT 'CREATE ROLE "geju_legalaid"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalaid') \gexec
SELECT 'ALTER ROLE "geju_legalaid" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalaid' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalaid', :'geju_legalaid') \gexec
SELECT 'CREATE ROLE "geju_legalaid_relay"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalaid_relay') \gexec
SELECT 'ALTER ROLE "geju_legalaid_relay" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalaid_relay' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalaid_relay', :'geju_legalaid_relay') \gexec
SELECT 'CREATE ROLE "geju_legalaid_auditor"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalaid_auditor') \gexec
SELECT 'ALTER ROLE "geju_legalaid_auditor" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalaid_auditor' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalaid_auditor', :'geju_legalaid_auditor') \gexec
SELECT 'CREATE ROLE "geju_legalaid_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_legalaid_reader') \gexec
SELECT 'ALTER ROLE "geju_legalaid_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_legalaid_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_legalaid_reader', :'geju_legalaid_reader') \gexec
ALTER ROLE "geju_legalaid_auditor" SET default_transaction_read_only = on;
ALTER ROLE "geju_legalaid_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_legalaid_owner', current_user) WHERE NOT pg_has_role('geju_legalaid_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_legalaid', current_user) WHERE NOT pg_has_role('geju_legalaid', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_legalaid" OWNER "geju_legalaid_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_legalaid') \gexec
ALTER DATABASE "geju_legalaid" OWNER TO "geju_legalaid_owner";
REVOKE ALL ON DATABASE "geju_legalaid" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_legalaid" TO "geju_legalaid", "geju_legalaid_relay", "geju_legalaid_auditor", "geju_legalaid_reader";
\connect "geju_legalaid"
ALTER SCHEMA public OWNER TO "geju_legalaid_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_legalaid", "geju_legalaid_relay", "geju_legalaid_auditor", "geju_legalaid_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalaid_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_legalaid";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalaid_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_legalaid";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalaid" GRANT USAGE ON SCHEMAS TO "geju_legalaid_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_legalaid" GRANT SELECT ON TABLES TO "geju_legalaid_reader";

-- publicity
\connect postgres
SELECT 'CREATE ROLE "geju_publicity_owner"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_publicity_owner') \gexec
SELECT 'ALTER ROLE "geju_publicity_owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_publicity_owner' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_publicity_owner', :'geju_publicity_owner') \gexec
SELECT 'CREATE ROLE "geju_publicity"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_publicity') \gexec
SELECT 'ALTER ROLE "geju_publicity" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_publicity' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_publicity', :'geju_publicity') \gexec
SELECT 'CREATE ROLE "geju_publicity_relay"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_publicity_relay') \gexec
SELECT 'ALTER ROLE "geju_publicity_relay" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_publicity_relay' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_publicity_relay', :'geju_publicity_relay') \gexec
SELECT 'CREATE ROLE "geju_publicity_auditor"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_publicity_auditor') \gexec
SELECT 'ALTER ROLE "geju_publicity_auditor" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_publicity_auditor' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_publicity_auditor', :'geju_publicity_auditor') \gexec
SELECT 'CREATE ROLE "geju_publicity_reader"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geju_publicity_reader') \gexec
SELECT 'ALTER ROLE "geju_publicity_reader" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'geju_publicity_reader' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', 'geju_publicity_reader', :'geju_publicity_reader') \gexec
ALTER ROLE "geju_publicity_auditor" SET default_transaction_read_only = on;
ALTER ROLE "geju_publicity_reader" SET default_transaction_read_only = on;
SELECT format('GRANT %I TO %I', 'geju_publicity_owner', current_user) WHERE NOT pg_has_role('geju_publicity_owner', 'SET') \gexec
SELECT format('GRANT %I TO %I', 'geju_publicity', current_user) WHERE NOT pg_has_role('geju_publicity', 'SET') \gexec
SELECT 'CREATE DATABASE "geju_publicity" OWNER "geju_publicity_owner" TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'geju_publicity') \gexec
ALTER DATABASE "geju_publicity" OWNER TO "geju_publicity_owner";
REVOKE ALL ON DATABASE "geju_publicity" FROM PUBLIC;
GRANT CONNECT ON DATABASE "geju_publicity" TO "geju_publicity", "geju_publicity_relay", "geju_publicity_auditor", "geju_publicity_reader";
\connect "geju_publicity"
ALTER SCHEMA public OWNER TO "geju_publicity_owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "geju_publicity", "geju_publicity_relay", "geju_publicity_auditor", "geju_publicity_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_publicity_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "geju_publicity";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_publicity_owner" GRANT USAGE, SELECT ON SEQUENCES TO "geju_publicity";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_publicity" GRANT USAGE ON SCHEMAS TO "geju_publicity_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "geju_publicity" GRANT SELECT ON TABLES TO "geju_publicity_reader";
